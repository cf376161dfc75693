// The words of the front page, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	heading: 'Personne n’a à croire le serveur sur parole au sujet du passé',
	lead: 'Probant est un coffre-fort électronique et un service de signature. Chaque dépôt, chaque accès et chaque signature laisse une preuve d’intégrité, d’ordre et de date que chacun contrôle, sans nous, avec des outils courants.',
	safe: 'Coffre-fort électronique',
	safeText: 'L’original est gardé octet pour octet, chiffré, horodaté et inscrit à un journal. Un reçu vous est remis.',
	sign: 'Signature',
	signText: 'Le signataire lit et signe sur son téléphone, sans compte. Niveau 1 : identité déclarée, code SMS, scellé par le service ; c’est une signature simple.',
	verify: 'Vérification',
	verifyText: 'Un PDF signé ou un reçu se contrôle dans votre navigateur. Rien n’est envoyé.',
	verifyDo: 'Vérifier un document',
	register: 'Créer un compte',
	login: 'Se connecter',
	open: 'Ouvrir le tableau de bord',
	proofs: 'Ce que chacun peut lire',
	log: 'Le journal public : sa tête signée et ses empreintes',
	pki: 'Les certificats de cette instance et leurs empreintes',
	terms: 'Conditions d’utilisation',
	limits: 'Ce que ce service ne dit pas',
	limitsText: 'La conservation ici ne dispense pas, à elle seule, de garder le papier. La confidentialité du contenu et les signatures à venir reposent sur l’exploitant ; le passé, non.'
};

const en: typeof fr = {
	heading: 'Nobody has to trust the server about the past',
	lead: 'Probant is an electronic safe and a signature service. Every deposit, access and signature leaves a proof of integrity, order and time that anyone can check, without us, with common tools.',
	safe: 'Electronic safe',
	safeText: 'The original is kept byte for byte, encrypted, timestamped and entered in a log. You get a receipt.',
	sign: 'Signature',
	signText: 'The signer reads and signs on a phone, without an account. Level 1: declared identity, SMS code, sealed by the service; it is a simple signature.',
	verify: 'Verification',
	verifyText: 'A signed PDF or a receipt is checked in your browser. Nothing is sent.',
	verifyDo: 'Verify a document',
	register: 'Create an account',
	login: 'Sign in',
	open: 'Open the dashboard',
	proofs: 'What everyone can read',
	log: 'The public log: its signed head and its hashes',
	pki: 'This instance’s certificates and their fingerprints',
	terms: 'Terms of use',
	limits: 'What this service does not say',
	limitsText: 'Keeping documents here does not by itself dispense with keeping the paper. The confidentiality of content and signatures yet to come rest on the operator; the past does not.'
};

const dictionaries = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): typeof fr => dictionaries[locale];
