// Which database role may enqueue which task. jobs.enqueue refuses every other pair; a migration run writes the list.

export const allowedTasks: Readonly<Record<'web' | 'worker', readonly string[]>> = {
	web: ['evidence.timestamp', 'messages.send', 'envelopes.attempt', 'log.sequence'],
	worker: [
		'evidence.timestamp',
		'evidence.receipt',
		'messages.send',
		'envelopes.attempt',
		'envelopes.sign',
		'envelopes.complete',
		'log.sequence'
	]
};
