// Words that carry no meaning of their own, without accents. A word that means something in the other language is not
// here (car, son, or, an, pour in French and English read differently), because a text may be in either: how rare it is
// in the documents weighs it.

const french =
  'a ai ait alors as au aucun aucune auquel aura aurait aurez auriez aux auxquelles auxquels avaient avais avait avant avec avez aviez avoir ayant c ca ce ceci cela celle celles celui cependant ces cet cette ceux chez combien comme comment d dans de depuis des desquelles desquels dois doit doivent donc dont du duquel elle elles en encore entre es est et etaient etais etait etant ete etes etre eu eux faire fais fait faites faut fut il ils j je l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais me meme memes mes moi mon n ne ni nos notre nous on ont ou par parce pas peut peuvent peux plus pourquoi pouvez puis puisque qu quand que quel quelle quelles quels quelque quelques qui quoi s sa sans se sera serait serez seront ses si sinon soi soit sommes sont sous suis sur t ta te tes toi ton tous tout toute toutes tres tu un une vers veut veux voici voila vont vos votre vous y etc';
const english =
  'a about after all also am an and any are as at be because been before being below between both but by can cannot could did do does doing don down during each few for from further had has have having he her here hers herself him himself his how i if in into is isn it its itself just ll me more most my myself no nor not now of off on once only or other our ours ourselves out over own re s same she should so some such t than that the their theirs them themselves then there these they this those through to too under until up ve very was we were what when where which while who whom why will with would you your yours yourself yourselves';

/** Stop words of one language that are plain words of the other. */
const ambiguous = new Set('an as car don on or off pour son ton me down ete'.split(' '));

export const stopWords: ReadonlySet<string> = new Set(
  `${french} ${english}`.split(' ').filter((word) => !ambiguous.has(word)),
);
