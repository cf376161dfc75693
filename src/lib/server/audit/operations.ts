// What can happen: the words of an event's `op`. The log is read for decades, so a word is never renamed or removed.

/** `noun.verb`, the noun being what `obj` names. */
export const operations = [
	'bulk.cancel', // what was not sent of it
	'bulk.fail', // a line, with why
	'bulk.pause',
	'bulk.retry', // its lines that failed, in the name of who asks
	'bulk.resume', // in the name of who asks
	'bulk.start', // a template with a file, a line for each envelope; each then has its own events
	'abuse.report', // by a signer, to the operator; `obj` and actor: the report, here and below
	'abuse.settle', // by the operator
	'certificate.issue', // in a signer's name, for one signature; `obj`: its serial number
	'certificate.remote', // of a remote signing service, about to sign for a signer; `obj`: its row
	'certificate.revoke', // `obj`: its serial number
	'client.change', // its logo, or where answers to its mails go
	'client.create',
	'client.embed', // which sites may show its signing pages; `obj`: the client
	'client.suspend',
	'client.text', // a version of a legal text; `obj`: the client
	'client.verify',
	'copy.attempt', // of a code that opens a signed document; `obj`: the challenge, here and below
	'copy.challenge', // asked for by one who took part
	'copy.open', // of a signed document or an attestation, logged before it is served; `obj`: who took part
	'copy.send', // the signed document once more, by the sender; `obj`: to whom
	'credit.purchase', // `obj`: the client; the holds and consumptions are of the acts that made them
	'document.anomaly', // a control found other bytes than were deposited
	'document.approve-copy', // or refused: a sender looked at it
	'document.assemble', // several, put together as one to be signed
	'document.control',
	'document.convert', // made into a PDF that can be signed
	'document.deposit',
	'document.destroy', // the last of its bytes went
	'document.dispose',
	'document.open', // logged before its bytes are served
	'document.receipt',
	'document.renew', // its proof, before it ends
	'document.timestamp',
	'document.version', // a new version, linked to the one before
	'envelope.acts', // the warning on acts that cannot be signed this way was confirmed
	'envelope.cancel',
	'envelope.complete',
	'envelope.create',
	'envelope.decline',
	'envelope.deliver', // the day on which a consumer received what was sold, said by the sender
	'envelope.evidence', // the evidence file was made
	'envelope.expire',
	'envelope.minutes', // drawn up on the spot; `obj`: the envelope, or the safe where it was refused
	'envelope.place', // fields, on the pages of a draft
	'envelope.prepare',
	'envelope.preview', // what a signer receives, sent to its sender
	'envelope.remind',
	'envelope.send',
	'envelope.sharing', // an address or a number that serves two of its people was confirmed
	'envelope.warn', // its term is near
	'evidence.renew', // the evidence record of a version, before it ends; `obj`: the version, or the safe of several that failed
	'identity.begin', // of a signer of level 2; `obj`: the check, here and below
	'identity.capture', // an image was kept
	'identity.decide', // by a registration officer
	'identity.end', // its envelope closed before a decision
	'identity.erase', // key of images and of what was read
	'identity.open', // an officer looked at an image; logged before it is served
	'identity.read', // by the worker
	'identity.reuse', // stands on one accepted before
	'identity.rule', // of the client: two officers or one; `obj`: the client
	'identity.submit',
	'instance.authority', // the timestamp authority began to fail, or answers again
	'instance.clock', // was found wrong, or right again
	'instance.signing-service', // the remote one began to fail, or answers again
	'key.create',
	'key.revoke',
	'key.rewrap', // keys wrapped anew under a newer storage key, as a number per batch
	'log.heads', // the heads of all chains, as one hash
	'log.key', // another key signs from here on: a note that both have signed
	'log.read',
	'log.recovered', // entries re-imported after a restore
	'log.started', // the first entry of a log: names the old log's last checkpoint, if there was one
	'log.timestamp', // of a checkpoint
	'log.witness', // one contradicts the log
	'member.add',
	'member.change',
	'member.remove',
	'message.delivery', // what became of an SMS, as its provider says
	'message.fail', // the first try that failed, and the last
	'message.resend', // by the sender, after it failed; `obj`: the signer
	'message.send',
	'operator.act',
	'person.change',
	'person.erase',
	'person.register',
	'refusal.counted', // refusals of one source above the limit, as a number per minute
	'request.refuse', // of a page that is not ours: only ever counted
	'safe.create',
	'safe.grant',
	'safe.rename',
	'safe.require', // a right that was asked for and not there
	'safe.revoke',
	'session.end',
	'session.fail',
	'session.lock', // with its device handed to a signer; or what a locked one was refused
	'session.start',
	'session.unlock', // its person proved themselves again
	'session.step-up', // proved, or asked for and not there
	'signer.answer', // to what they asked, by the sender
	'signer.approve', // no signature
	'signer.attest', // their attestation was made
	'signer.attempt', // of a code
	'signer.challenge',
	'signer.consent',
	'signer.correct',
	'signer.decline',
	'signer.draw', // a digitised signature, no code; `obj`: what it is bound to
	'signer.embed', // a URL that one site may show, once
	'signer.hand-back', // the device, to the sender
	'signer.hand-over', // of the sender’s device, their session locked
	'signer.identify',
	'signer.delegate', // handed over to somebody else
	'signer.mandate', // shown by one who signs for an organisation
	'signer.number', // at which the code reaches them, said by themselves
	'signer.open',
	'signer.paper', // asked for
	'signer.question', // put to the sender
	'signer.preview', // a picture of page one, shown before the bytes; logged before it is served
	'signer.read',
	'signer.reminders', // stopped by themselves, or wanted again
	'signer.recap', // a consumer confirmed what they were told of the contract
	'signer.seal', // the signature is in the document
	'signer.spare', // another of their group was first
	'signer.settle', // what they asked, without an answer by us
	'signer.sign',
	'signer.withdraw', // a consumer, from the contract; `obj`: the withdrawal
	'signer.withdrawn', // the sealed acknowledgement was made
	'template.retire',
	'template.save' // a version of it
] as const;

export type Operation = (typeof operations)[number];
