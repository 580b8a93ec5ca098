// Check digits: Luhn (ISO/IEC 7812), mod 97 of an IBAN (ISO 13616), the key of a French social security number, and the
// sum by which La Poste's own establishments are told.

const digitsOf = (text: string): number[] => [...text].map(Number);

export function luhn(digits: string): boolean {
  const sum = digitsOf(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const twice = index % 2 === 1 ? digit * 2 : digit;
      return total + (twice > 9 ? twice - 9 : twice);
    }, 0);
  return sum % 10 === 0;
}

/** @param text letters and digits without spaces */
export function iban(text: string): boolean {
  const moved = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const sign of moved) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** @param text 13 signs and the key; Corsica's 2A and 2B count as 19 and 18 */
export function nir(text: string): boolean {
  const number = text.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97n - (BigInt(number) % 97n) === BigInt(text.slice(13));
}

const LA_POSTE = '356000000';

/** Of 14 digits; the establishments of La Poste add up to a multiple of five instead. */
export const siret = (digits: string): boolean =>
  (luhn(digits) && luhn(digits.slice(0, 9))) ||
  (digits.startsWith(LA_POSTE) && digitsOf(digits).reduce((sum, digit) => sum + digit, 0) % 5 === 0);
