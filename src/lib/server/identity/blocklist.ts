// The words passwords are built from most often, English and French. Each counts as one character of a password's length.

const text = `
password passwort motdepasse mot passe passwd secret welcome bienvenue bonjour hello salut admin administrator administrateur
root user utilisateur guest invite login connexion letmein access acces master default test temp changeme changezmoi azerty qwerty
qwertz monkey dragon football baseball basketball soccer hockey superman batman starwars pokemon naruto princess princesse sunshine
soleil shadow flower fleur summer winter spring autumn ete hiver printemps automne january february march april june july august
september october november december janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre monday
tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche love iloveyou jetaime amour
lovely angel ange baby bebe chocolate chocolat computer ordinateur internet google facebook microsoft windows apple samsung android
iphone michael jennifer jessica ashley daniel andrew joshua matthew thomas nicolas julien camille marie pierre jean paul sophie
charlie george robert william david martin bernard dupont durand alexandre benjamin antoine maxime marseille paris lyon bordeaux
toulouse nantes france french london england america canada liberty freedom liberte cheval horse battery staple correct killer
ninja jordan hunter ranger buster tigger pepper ginger cookie orange banana cherry lemon silver golden diamond purple yellow
green black white blue rouge noir blanc bleu vert money argent whatever trustno nothing rien company entreprise office bureau
societe safe coffre fort coffrefort signature sign probant document archive contract contrat securite security secure the and
`;

/** Lower case, without accents. */
export const commonWords: readonly string[] = text.trim().split(/\s+/).filter((word) => word.length >= 3);
