import { handleUpload } from '#lib/server/documents/tus.ts';
import { statusOf } from '#lib/server/http.ts';
import type { RequestHandler } from './$types';

export const fallback: RequestHandler = ({ request, locals: { ctx } }) => handleUpload(ctx, request, statusOf);
