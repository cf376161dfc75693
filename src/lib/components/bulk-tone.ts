// Where a bulk stands and its tone, everywhere.

/** A bulk under way of which nothing waits any more has ended. */
export const bulkStanding = ({ state, counts }: { readonly state: 'checked' | 'running' | 'paused' | 'cancelled'; readonly counts: { readonly waiting: number } }) => (state !== 'checked' && state !== 'cancelled' && !counts.waiting ? 'ended' : state);
export const bulkTone = { checked: 'calm', running: 'warn', paused: 'calm', cancelled: 'calm', ended: 'good' } as const;
export const lineTone = { waiting: 'warn', sent: 'good', failed: 'bad', cancelled: 'calm' } as const;
