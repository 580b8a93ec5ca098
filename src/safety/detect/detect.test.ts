// What the rules find and what they leave alone, on a table of our own in both languages: numbers that are what they look
// like, and as many that only look so. The figures are asserted, so that a new rule cannot quietly cost another.
import { describe, expect, test } from 'vitest';
import { createDetection, findByRules } from './detect.ts';

type Case = [text: string, ...found: [type: string, text: string][]];

/** Put together here, so that no scanner takes the table for a leak. */
const key = (prefix: string, length: number) =>
  prefix + 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d'.repeat(4).slice(0, length);
const openAi = key('sk-proj-', 48);
const anthropic = key('sk-ant-api03-', 60);
const gitHub = key('ghp_', 36);
const amazon = `AKIA${'QWERTYUIOPASDFGH'}`;
const jwt = `${key('eyJ', 20)}.${key('eyJ', 40)}.${key('', 30)}`;

const cases: Case[] = [
  // E-mail
  ['Écrivez à marie.dupont@exemple.fr avant lundi.', ['email', 'marie.dupont@exemple.fr']],
  ['Write to <john+news@mail.example.co.uk>, please.', ['email', 'john+news@mail.example.co.uk']],
  ['mailto:a@b.io?subject=x', ['email', 'a@b.io']],
  ['Contact : service-client@société.fr.', ['email', 'service-client@société.fr']],
  ['Copie à jean@ex.fr, paul@ex.fr', ['email', 'jean@ex.fr'], ['email', 'paul@ex.fr']],
  ['Ask @marie or the team@work channel.'],
  ['git@github: clone it; the price @ 5.50 each'],
  ['Il a 3@4 et user@localhost'],
  ['decorators such as @Component.class and @2x.png'],
  [
    '_jean@exemple.fr, voir aussi...paul@exemple.fr',
    ['email', '_jean@exemple.fr'],
    ['email', 'paul@exemple.fr'],
  ],
  ['rene\u0301@exemple.fr', ['email', 'rene\u0301@exemple.fr']],
  // Telephone
  ['Mon n° : 06 12 34 56 78', ['phone', '06 12 34 56 78']],
  ['06 12 34 56 78/01 42 68 53 00', ['phone', '06 12 34 56 78'], ['phone', '01 42 68 53 00']],
  ['👋🏽 le 0033612345678', ['phone', '0033612345678']],
  ['Appelez le 06 12 34 56 78.', ['phone', '06 12 34 56 78']],
  ['Tél. : 01.42.68.53.00', ['phone', '01.42.68.53.00']],
  ['mobile 0612345678', ['phone', '0612345678']],
  ['Joignable au +33 6 12 34 56 78 le soir', ['phone', '+33 6 12 34 56 78']],
  ['+33 (0)1 42 68 53 00', ['phone', '+33 (0)1 42 68 53 00']],
  ['00 33 1 42 68 53 00 depuis l’étranger', ['phone', '00 33 1 42 68 53 00']],
  ['Call me at (415) 555-2671 tonight', ['phone', '(415) 555-2671']],
  ['Phone: 415-555-2671', ['phone', '415-555-2671']],
  ['Ring +44 20 7946 0958 or +1 212 555 0187', ['phone', '+44 20 7946 0958'], ['phone', '+1 212 555 0187']],
  ['Fax +49 30 901820', ['phone', '+49 30 901820']],
  ['Le 12.05.2024 à 10 h'],
  ['Commande n° 0612345678 expédiée'],
  ['Invoice 0142685300 is overdue'],
  ['La population est de 68 042 591 habitants'],
  ['ISBN 978-2-07-036822-8'],
  ['2024-05-12 10:30:45'],
  ['Pi is 3.14159265358979'],
  ['a total of 1,234,567.89 dollars'],
  ['article 1234-56, alinéa 78'],
  ['chr1:1000000-2000000'],
  ['GST ID : 001125220352'],
  ['(dossier 0011377) et 001 0013311'],
  ['CLOSED: 001 14-02-2018 13:50:58'],
  ['(au +33 1 42 68 53 00)', ['phone', '+33 1 42 68 53 00']],
  ['le code 4407 puis 1029'],
  // IBAN
  ['Virement sur FR76 3000 6000 0112 3456 7890 189 svp', ['iban', 'FR76 3000 6000 0112 3456 7890 189']],
  ['IBAN: DE89370400440532013000', ['iban', 'DE89370400440532013000']],
  ['GB29 NWBK 6016 1331 9268 19, sort code later', ['iban', 'GB29 NWBK 6016 1331 9268 19']],
  ['BE68 5390 0754 7034 est le compte', ['iban', 'BE68 5390 0754 7034']],
  ['FR76 3000 6000 0112 3456 7890 188'],
  ['ref AB12 3456 7890 1234 5678'],
  ['product code DE12345678'],
  // Cards
  ['Ma carte : 4242 4242 4242 4242.', ['card', '4242 4242 4242 4242']],
  ['card 5555555555554444 exp 12/27', ['card', '5555555555554444']],
  ['Amex 3782 822463 10005', ['card', '3782 822463 10005']],
  ['4111-1111-1111-1111', ['card', '4111-1111-1111-1111']],
  ['4242 4242 4242 4242 12/27 123', ['card', '4242 4242 4242 4242']],
  ['5555555555554444 12/27', ['card', '5555555555554444']],
  ['client 12 4242 4242 4242 4242 123', ['card', '4242 4242 4242 4242']],
  ['4242 4242 4242 4241'],
  ['0000 0000 0000 0000'],
  ['tracking 1Z999AA10123456784'],
  ['timestamp 1716912345678901'],
  ['9999999999999999'],
  ['GTIN 4012345001235, GLN 4123456000021'],
  // French social security number
  ['N° de sécu 2 55 08 14 168 025 38', ['nir', '2 55 08 14 168 025 38']],
  ['Numéro de sécurité sociale : 2 55 08 14 168 025', ['nir', '2 55 08 14 168 025']],
  ['ISBN 2 55 08 14 168 025'],
  ['2 55 08 14 168 025 / 38', ['nir', '2 55 08 14 168 025 / 38']],
  ['NIR 255081416802538.', ['nir', '255081416802538']],
  ['né en Corse : 1 85 05 2A 004 123 56', ['nir', '1 85 05 2A 004 123 56']],
  ['2 90 12 2B 033 045 78', ['nir', '2 90 12 2B 033 045 78']],
  ['2 55 08 14 168 025 39'],
  ['1 85 15 2A 004 123 56'],
  // Companies
  ['SIRET 732 829 320 00074', ['siret', '732 829 320 00074']],
  ['La Poste : 356 000 000 00048', ['siret', '356 000 000 00048']],
  ['SIREN : 732829320', ['siren', '732829320']],
  ['RCS Paris 732 829 320', ['siren', '732 829 320']],
  ['SIRET 732 829 320 00075'],
  ['un budget de 732 829 320 euros'],
  ['SIREN 732 829 321'],
  // IP addresses
  ['connecté depuis 192.168.14.201', ['ip', '192.168.14.201']],
  ['from 2001:db8:85a3::8a2e:370:7334 at noon', ['ip', '2001:db8:85a3::8a2e:370:7334']],
  ['ping 8.8.8.8, please', ['ip', '8.8.8.8']],
  ['listen on 127.0.0.1 or 0.0.0.0'],
  ['version 1.2.3.4 of the library'],
  ['1.2.3.4.5 and 300.1.2.3'],
  ['en application de l’article. 6.2.4.1 b de la convention'],
  ['std::vector::push_back at 12:30:45'],
  // Secrets
  [`export OPENAI_API_KEY=${openAi}`, ['secret', openAi]],
  [`ma clé "${anthropic}" ne marche pas`, ['secret', anthropic]],
  [`token ${gitHub},`, ['secret', gitHub]],
  [`${amazon} is the id`, ['secret', amazon]],
  [`Authorization: Bearer ${jwt}`, ['secret', jwt]],
  ['sk-your-api-key-goes-right-here'],
  ['sk-xxxxxxxxxxxxxxxxxxxxxxxx'],
  ['the task-sk-abc and risk-assessment-of-the-whole-company'],
  ['commit 9fceb02d0ae598e95dc970b74767f19372d61af8'],
  // Postal addresses
  [
    'J’habite 12 bis, rue de la République, 69002 Lyon.',
    ['address', '12 bis, rue de la République, 69002 Lyon'],
  ],
  ['Livrer au 8 avenue du Général de Gaulle', ['address', '8 avenue du Général de Gaulle']],
  [
    '3 place de l’Hôtel de Ville 35000 Rennes CEDEX 7',
    ['address', '3 place de l’Hôtel de Ville 35000 Rennes CEDEX 7'],
  ],
  [
    '24 rue du 8 mai 1945, bâtiment B, 59000 Lille',
    ['address', '24 rue du 8 mai 1945, bâtiment B, 59000 Lille'],
  ],
  ['5, Chemin des Vignes\n33000 Bordeaux', ['address', '5, Chemin des Vignes\n33000 Bordeaux']],
  ['221B Baker Street, London NW1 6XE', ['address', '221B Baker Street, London NW1 6XE']],
  [
    'Send it to 1600 Pine Avenue, Springfield, IL 62704.',
    ['address', '1600 Pine Avenue, Springfield, IL 62704'],
  ],
  ['I live at 42 Oak Lane, Apt 3B', ['address', '42 Oak Lane, Apt 3B']],
  ['Il reste 3 places de parking et 2 cours de danse'],
  ['La rue de la République est fermée'],
  ['Il y a 12 passages à vide en 2019'],
  ['5 voies ferrées, 3 quais et 2 routes'],
  ['In 2020 the Street Food Festival drew 5000 people'],
  ['about 300 of the Road signs were replaced'],
  ['Chapter 12 A Way Forward'],
  ['the 10 best places on the street'],
  // Dates of birth
  ['Née le 12 mars 1985 à Lyon', ['birth_date', '12 mars 1985']],
  ['né(e) à Aix-en-Provence le 01/02/1990', ['birth_date', '01/02/1990']],
  ['Date de naissance : 3.4.1978', ['birth_date', '3.4.1978']],
  ['She was born on March 5, 1999.', ['birth_date', 'March 5, 1999']],
  ['DOB: 1988-11-30', ['birth_date', '1988-11-30']],
  ['born 5 May 1970 in Leeds', ['birth_date', '5 May 1970']],
  ['La réunion du 12 mars 1985'],
  ['facture du 01/02/2024, née en retard'],
  ['The company was founded on March 5, 1999'],
  ['born in 1970'],
  // Several at once
  [
    'Marie, marie@ex.fr, 06 12 34 56 78, FR76 3000 6000 0112 3456 7890 189',
    ['email', 'marie@ex.fr'],
    ['phone', '06 12 34 56 78'],
    ['iban', 'FR76 3000 6000 0112 3456 7890 189'],
  ],
  ['Bonjour, quelle est la capitale de la France ?'],
  ['Explain how 7 habits of 42 people in 1984 changed.'],
];

describe('personal data by rule', () => {
  test.each(cases)('%s', (text, ...expected) => {
    const found = findByRules(text);
    expect(found.map((one) => [one.type, one.text])).toEqual(expected);
    for (const { start, end, text: shown } of found) expect(text.slice(start, end)).toBe(shown);
  });

  test('precision and recall over the table', () => {
    let right = 0;
    let wrong = 0;
    let missed = 0;
    for (const [text, ...expected] of cases) {
      const found = findByRules(text).map((one) => `${one.type} ${one.text}`);
      const wanted = expected.map((one) => one.join(' '));
      right += found.filter((one) => wanted.includes(one)).length;
      wrong += found.filter((one) => !wanted.includes(one)).length;
      missed += wanted.filter((one) => !found.includes(one)).length;
    }
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect({ precision: right / (right + wrong), recall: right / (right + missed) }).toEqual({
      precision: 1,
      recall: 1,
    });
  });

  test('what a form alone says is not certain, what a check digit or a word says is', () => {
    const certain = (text: string) => findByRules(text).map((one) => one.certain);
    expect(certain('FR76 3000 6000 0112 3456 7890 189')).toEqual([true]);
    expect(certain('SIRET 732 829 320 00074')).toEqual([true]);
    expect(certain('732 829 320 00074')).toEqual([false]);
    expect(certain('code 0612345678')).toEqual([false]);
    expect(certain('Tél. 0612345678')).toEqual([true]);
  });

  test('long texts of one sign take no time', () => {
    const start = performance.now();
    for (const sign of ['0', 'a', '1 ', 'a.', 'a@', '+1 ', ':', 'eyJ', 'FR76 ', '00 '])
      findByRules(sign.repeat(100_000 / sign.length));
    expect(findByRules('a@b.fr '.repeat(60_000))).toHaveLength(60_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('a row of dashes or blanks where an address or a date may go on takes no time', () => {
    const start = performance.now();
    for (const [begin, sign] of [
      ['12 Main Street, ', 'A-'],
      ['12 rue de la Paix, ', 'bat-'],
      ['born in ', ' '],
      ['né à ', ' '],
      ['DOB', ' '],
    ] as const)
      findByRules(begin + sign.repeat(8000 / sign.length));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('what is looked for', () => {
  test('names are not, and the list says so', async () => {
    const alone = createDetection();
    expect(alone.detectors().find(({ type }) => type === 'person')).toMatchObject({ finds: false });
    expect(
      alone
        .detectors()
        .filter(({ finds }) => finds)
        .map(({ type }) => type),
    ).toEqual([
      'email',
      'ip',
      'iban',
      'nir',
      'card',
      'siret',
      'siren',
      'phone',
      'secret',
      'address',
      'birth_date',
    ]);
    expect(await alone.find(['Marie Dupont', 'a@b.fr'])).toMatchObject([[], [{ type: 'email' }]]);
  });
});
