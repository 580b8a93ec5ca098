// Twenty small tasks in French and English over tools and a few documents, each with a check of what came out.

export interface Outcome {
  answer: string;
  /** Names of the tools that were called and did not fail. */
  tools: readonly string[];
  /** Files that the run left: path -> text. */
  files: Readonly<Record<string, string>>;
}

export interface Task {
  id: string;
  language: 'en' | 'fr';
  prompt: string;
  check(outcome: Outcome): boolean;
}

/** Digits as they may be written: 1 860, 1,860, 1860, 1.860. */
const has = (text: string, number: string): boolean =>
  new RegExp(`(?<![\\d])${number.replace(/[.,]/, '[.,]')}(?![\\d])`).test(
    text.replace(/(\d)[\s\u00a0\u202f,.](?=\d{3}(?!\d))/g, '$1'),
  );
const says = (text: string, ...words: readonly RegExp[]): boolean => words.every((word) => word.test(text));
const french = (text: string): boolean =>
  /[éèêàçù]|\b(le|la|les|des|est|sont|vous|dans|pour|une?)\b/i.test(text);

export const tasks: readonly Task[] = [
  {
    id: 'greeting-fr',
    language: 'fr',
    prompt: 'Bonjour !',
    check: ({ answer, tools }) => tools.length === 0 && /bonjour|salut/i.test(answer),
  },
  {
    id: 'capital-en',
    language: 'en',
    prompt: 'What is the capital of Italy?',
    check: ({ answer }) => /rome/i.test(answer),
  },
  {
    id: 'percent-en',
    language: 'en',
    prompt: 'What is 17.5% of 2480?',
    check: ({ answer }) => has(answer, '434'),
  },
  {
    id: 'product-fr',
    language: 'fr',
    prompt: 'Combien font 348 fois 27 ?',
    check: ({ answer }) => has(answer, '9396'),
  },
  {
    id: 'holidays-fr',
    language: 'fr',
    prompt: 'Combien de jours de congés payés avons-nous par an ?',
    check: ({ answer }) => has(answer, '27'),
  },
  {
    id: 'extinguisher-fr',
    language: 'fr',
    prompt: 'Où se trouve l’extincteur ?',
    check: ({ answer }) => says(answer, /porte/i, /gauche/i),
  },
  {
    id: 'lathe-en',
    language: 'en',
    prompt: 'How much does our lathe weigh?',
    check: ({ answer }) => has(answer, '310'),
  },
  {
    id: 'teacher-en',
    language: 'en',
    prompt: 'Who teaches the bread baking workshop?',
    check: ({ answer }) => /henri/i.test(answer),
  },
  {
    id: 'two-machines-en',
    language: 'en',
    prompt: 'How much did the laser cutter and the 3D printer cost together?',
    check: ({ answer }) => has(answer, '5149'),
  },
  {
    id: 'full-workshop-en',
    language: 'en',
    prompt: 'How much money does the soldering workshop bring when it is full?',
    check: ({ answer }) => has(answer, '216'),
  },
  {
    id: 'fees-percent-fr',
    language: 'fr',
    prompt: 'Combien font 15 % des cotisations des membres en 2025 ?',
    check: ({ answer }) => has(answer, '1860'),
  },
  {
    id: 'rent-month-fr',
    language: 'fr',
    prompt: 'Quel est notre loyer par mois, d’après le budget 2025 ?',
    check: ({ answer }) => has(answer, '525'),
  },
  {
    id: 'write-en',
    language: 'en',
    prompt: 'Write the file hello.txt with the text "Hello world" and tell me when it is done.',
    check: ({ files }) => (files['hello.txt'] ?? '').trim().replace(/[.!]$/, '') === 'Hello world',
  },
  {
    id: 'write-fr',
    language: 'fr',
    prompt: 'Crée le fichier courses.txt avec trois lignes : pain, lait, pommes.',
    check: ({ files }) => says(files['courses.txt'] ?? '', /pain/i, /lait/i, /pommes/i),
  },
  {
    id: 'calculate-write-en',
    language: 'en',
    prompt: 'Compute 1234 * 56 and write the result into the file result.txt.',
    check: ({ files }) => has(files['result.txt'] ?? '', '69104'),
  },
  {
    id: 'search-write-fr',
    language: 'fr',
    prompt:
      'Cherche le montant de l’électricité dans le budget 2025 et écris-le dans le fichier electricite.txt.',
    check: ({ files }) => has(files['electricite.txt'] ?? '', '2480'),
  },
  {
    id: 'search-calculate-write-fr',
    language: 'fr',
    prompt:
      'Cherche le montant des cotisations des membres en 2025, calcule 15 % de ce montant, écris le résultat dans le fichier resultat.txt, puis dis-moi le résultat.',
    check: ({ answer, files }) =>
      has(files['resultat.txt'] ?? '', '1860') && has(answer, '1860') && french(answer),
  },
  {
    id: 'search-write-en',
    language: 'en',
    prompt: 'Find who teaches the bicycle repair workshop and write the name into teacher.txt.',
    check: ({ files }) => /maya torres/i.test(files['teacher.txt'] ?? ''),
  },
  {
    id: 'javascript-en',
    language: 'en',
    prompt: 'Use JavaScript to find the sum of all numbers from 1 to 100 that can be divided by 7.',
    check: ({ answer, tools }) => tools.includes('run_javascript') && has(answer, '735'),
  },
  {
    id: 'javascript-fr',
    language: 'fr',
    prompt: 'Avec un programme JavaScript, écris le mot « atelier » à l’envers.',
    check: ({ answer, tools }) => tools.includes('run_javascript') && /reileta/i.test(answer),
  },
];
