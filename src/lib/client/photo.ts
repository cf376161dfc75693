// What a browser can say of a photograph before it is sent: blurred, dark, or covered by glare. A hint for the person who takes it; nothing rests on it.

export interface Pixels {
	/** RGBA, a byte each. */
	readonly data: Uint8ClampedArray;
	readonly width: number;
	readonly height: number;
}

export type Verdict = 'good' | 'blurred' | 'glare' | 'dark';

/** Brightness of each pixel, 0 to 255 (ITU-R BT.601). */
function greyOf({ data, width, height }: Pixels): Float32Array {
	const grey = new Float32Array(width * height);
	for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!;
	return grey;
}

/** Variance of the Laplacian: how much detail there is. */
export function sharpness(pixels: Pixels): number {
	const { width, height } = pixels;
	const grey = greyOf(pixels);
	let sum = 0;
	let squares = 0;
	const count = (width - 2) * (height - 2);
	for (let y = 1; y < height - 1; y++)
		for (let x = 1; x < width - 1; x++) {
			const at = y * width + x;
			const edge = grey[at - 1]! + grey[at + 1]! + grey[at - width]! + grey[at + width]! - 4 * grey[at]!;
			sum += edge;
			squares += edge * edge;
		}
	return squares / count - (sum / count) ** 2;
}

/** Share of the pixels that are saturated, 0 to 1. */
export function saturated({ data }: Pixels): number {
	let count = 0;
	for (let i = 0; i < data.length; i += 4) if (data[i]! >= 250 && data[i + 1]! >= 250 && data[i + 2]! >= 250) count++;
	return count / (data.length / 4);
}

const leastSharpness = 40;
const mostGlare = 0.04;
const leastLight = 50;

/** What is worst about an image of about 640 pixels in width. */
export function judge(pixels: Pixels): Verdict {
	const grey = greyOf(pixels);
	if (grey.reduce((sum, value) => sum + value, 0) / grey.length < leastLight) return 'dark';
	if (saturated(pixels) > mostGlare) return 'glare';
	return sharpness(pixels) < leastSharpness ? 'blurred' : 'good';
}

function drawn(source: CanvasImageSource, width: number, height: number, longest: number): HTMLCanvasElement {
	const scale = Math.min(1, longest / Math.max(width, height));
	const canvas = document.createElement('canvas');
	canvas.width = Math.round(width * scale);
	canvas.height = Math.round(height * scale);
	canvas.getContext('2d', { willReadFrequently: true })!.drawImage(source, 0, 0, canvas.width, canvas.height);
	return canvas;
}

/** What a source of so many pixels looks like at the size it is judged at. */
export function look(source: CanvasImageSource, width: number, height: number): Verdict {
	const small = drawn(source, width, height, 640);
	return judge(small.getContext('2d')!.getImageData(0, 0, small.width, small.height));
}

export interface Photo {
	/** JPEG, upright, without what a camera writes beside the picture. */
	readonly blob: Blob;
	readonly verdict: Verdict;
}

async function photo(source: CanvasImageSource, width: number, height: number): Promise<Photo> {
	const canvas = drawn(source, width, height, 2600);
	const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.92));
	if (!blob) throw new Error('no image');
	return { blob, verdict: look(source, width, height) };
}

/** The picture a camera shows now. */
export const shoot = (video: HTMLVideoElement): Promise<Photo> => photo(video, video.videoWidth, video.videoHeight);

/** The picture in a file, turned as its camera was held. Throws when the browser cannot open it. */
export async function develop(file: Blob): Promise<Photo> {
	const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
	try {
		return await photo(image, image.width, image.height);
	} finally {
		image.close();
	}
}
