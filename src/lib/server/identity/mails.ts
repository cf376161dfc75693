// The mails of identity, fr and en, made by the worker when it sends: it alone can derive the link.

import type { WorkerContext } from '../context.ts';
import type { Draft } from '../letter.ts';
import type { Mail } from '../mail/mailer.ts';
import { openLink } from './links.ts';

export const kinds = ['confirmation', 'registered', 'reset', 'renewed', 'invitation'] as const;

interface Message {
	readonly id: string;
	readonly kind: (typeof kinds)[number];
	/** The confirmation, the reset, the invitation, or the person. */
	readonly subject: string;
}

interface Recipient {
	readonly to: string;
	readonly name: string;
	readonly locale: 'fr' | 'en';
	/** The client that invites. */
	readonly client: string;
}

type Words = Pick<Mail, 'subject' | 'text'>;

const confirmation = (r: Recipient, link: string): Words =>
	r.locale === 'fr'
		? {
				subject: 'Confirmez votre adresse',
				text: `Bonjour ${r.name},\n\nConfirmez que cette adresse est la vôtre, dans les 24 heures :\n${link}\n\nVous n’avez pas demandé de compte ? Ne faites rien : sans confirmation, il ne servira pas.\n`
			}
		: {
				subject: 'Confirm your address',
				text: `Hello ${r.name},\n\nConfirm that this address is yours, within 24 hours:\n${link}\n\nYou did not ask for an account? Do nothing: without confirmation it will not be used.\n`
			};

const registered = (r: Recipient, link: string): Words =>
	r.locale === 'fr'
		? {
				subject: 'Vous avez déjà un compte',
				text: `Bonjour ${r.name},\n\nQuelqu’un, peut-être vous, a voulu créer un compte avec cette adresse. Vous en avez déjà un ; rien n’a changé.\nConnectez-vous ici :\n${link}\n`
			}
		: {
				subject: 'You already have an account',
				text: `Hello ${r.name},\n\nSomeone, perhaps you, tried to register this address. You already have an account; nothing has changed.\nSign in here:\n${link}\n`
			};

const reset = (r: Recipient, link: string): Words =>
	r.locale === 'fr'
		? {
				subject: 'Choisissez un nouveau mot de passe',
				text: `Bonjour ${r.name},\n\nQuelqu’un, sans doute vous, a oublié le mot de passe de ce compte. Choisissez-en un nouveau dans l’heure :\n${link}\n\nCe n’est pas vous ? Ne faites rien : votre mot de passe reste le même.\n`
			}
		: {
				subject: 'Choose a new password',
				text: `Hello ${r.name},\n\nSomeone, surely you, forgot the password of this account. Choose a new one within the hour:\n${link}\n\nIt was not you? Do nothing: your password stays the same.\n`
			};

const renewed = (r: Recipient, link: string): Words =>
	r.locale === 'fr'
		? {
				subject: 'Votre mot de passe a été changé',
				text: `Bonjour ${r.name},\n\nVotre mot de passe vient d’être changé par un lien envoyé à cette adresse, et toutes vos sessions sont fermées.\n\nCe n’est pas vous ? Quelqu’un lit vos e-mails : changez-en le mot de passe, puis choisissez-en un autre ici :\n${link}\n`
			}
		: {
				subject: 'Your password was changed',
				text: `Hello ${r.name},\n\nYour password was just changed through a link sent to this address, and all your sessions are ended.\n\nIt was not you? Someone reads your mail: change its password, then choose another one here:\n${link}\n`
			};

const invitation = (r: Recipient, link: string): Words =>
	r.locale === 'fr'
		? {
				subject: `${r.client} vous invite`,
				text: `Bonjour,\n\n${r.client} vous invite à rejoindre son coffre-fort électronique. Acceptez dans les 7 jours, avec cette adresse :\n${link}\n\nVous n’attendez rien de ${r.client} ? Ne faites rien.\n`
			}
		: {
				subject: `${r.client} invites you`,
				text: `Hello,\n\n${r.client} invites you to join its electronic safe. Accept within 7 days, with this address:\n${link}\n\nNot expecting anything from ${r.client}? Do nothing.\n`
			};

async function recipient(ctx: WorkerContext, { kind, subject }: Message): Promise<Recipient | undefined> {
	const rows = await ctx.tx((tx) => {
		if (kind === 'invitation')
			return tx<Recipient[]>`select i.email as to, '' as name, i.locale, c.name as client from invitation i join client c on c.id = i.client where i.id = ${subject}`;
		if (kind === 'registered' || kind === 'renewed') return tx<Recipient[]>`select email as to, name, locale, '' as client from person where id = ${subject}`;
		const table = tx(kind === 'reset' ? 'password_reset' : kind);
		return tx<Recipient[]>`select p.email as to, p.name, p.locale, '' as client from ${table} c join person p on p.id = c.person where c.id = ${subject}`;
	});
	return rows[0];
}

/** The mail of a message, its link open from now on. Null when there is nothing left to send: it was used, withdrawn or too old. */
export async function render(ctx: WorkerContext, message: Message): Promise<Draft | null> {
	const to = await recipient(ctx, message);
	if (!to) return null;
	const { locale } = to;
	if (message.kind === 'registered') return { to: to.to, locale, ...registered(to, `${ctx.settings.origin}/login`) };
	if (message.kind === 'renewed') return { to: to.to, locale, ...renewed(to, `${ctx.settings.origin}/forgotten`) };
	const link = await openLink(ctx, message.kind, message.subject);
	if (!link) return null;
	return { to: to.to, locale, ...{ confirmation, reset, invitation }[message.kind](to, link) };
}
