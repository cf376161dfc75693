// One tone for each state of an envelope and of a signer, everywhere.

export const envelopeTone = { draft: 'calm', waiting: 'warn', completed: 'good', declined: 'bad', cancelled: 'calm', expired: 'bad' } as const;
export const signerTone = { waiting: 'calm', invited: 'warn', opened: 'warn', signing: 'warn', signed: 'good', approved: 'good', declined: 'bad', spared: 'calm' } as const;
export const identityTone = { none: 'calm', capturing: 'calm', reading: 'warn', 'to-review': 'warn', accepted: 'good', refused: 'bad', again: 'warn', ended: 'calm' } as const;
