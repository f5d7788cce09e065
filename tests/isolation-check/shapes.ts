/** Models of every shape that the check has to get by: keys of all types, maps, and relations of all kinds. */
export const SHAPES = `
model Account {
  id       BigInt    @id @default(autoincrement()) @map("account_id")
  email    String    @unique
  teams    Team[]
  shelves  Shelf[]
  books    Book[]
  profile  Profile?
  loans    Loan[]
  labels   Label[]
  places   Place[]
  covers   Cover[]   @relation("CoverOwner")

  @@map("accounts")
}

// Everybody's.
model Language {
  code  String @id
  books Book[]
}

// Many-to-many with the users: nobody can say whose it is.
model Team {
  id       Int       @id
  accounts Account[]
}

// An owner that may be missing, and rows of its own model above and below it.
model Shelf {
  id       Int     @id @default(autoincrement()) @map("shelf_id")
  title    String  @map("shelf_title")
  parentId Int?    @map("parent_id")
  parent   Shelf?  @relation("Tree", fields: [parentId], references: [id])
  children Shelf[] @relation("Tree")
  books    Book[]
  ownerId  BigInt? @map("owner_id")
  owner    Account? @relation(fields: [ownerId], references: [id])

  @@map("shelves")
}

model Book {
  isbn     String    @unique
  id       String    @id @default(uuid())
  state    State     @default(NEW)
  price    Decimal   @default(0)
  added    DateTime  @default(now())
  shelfId  Int?
  shelf    Shelf?    @relation(fields: [shelfId], references: [id])
  language String?
  spoken   Language? @relation(fields: [language], references: [code])
  labels   Label[]
  cover    Cover?
  loans    Loan[]
  chapters Chapter[]
  ownerId  BigInt
  owner    Account   @relation(fields: [ownerId], references: [id], onDelete: Cascade)
}

// Its owner's by its book.
model Chapter {
  bookId String
  number Int
  text   String
  book   Book   @relation(fields: [bookId], references: [id], onDelete: Cascade)
  notes  Footnote[]

  @@id([bookId, number])
}

// And by two steps.
model Footnote {
  id      Int     @id @default(autoincrement())
  bookId  String
  number  Int
  text    String?
  chapter Chapter @relation(fields: [bookId, number], references: [bookId, number], onDelete: Cascade)
}

model Cover {
  id      Int    @id @default(autoincrement())
  bytes   Bytes
  bookId  String @unique
  book    Book   @relation(fields: [bookId], references: [id])
  ownerId BigInt
  owner   Account @relation("CoverOwner", fields: [ownerId], references: [id])
}

model Profile {
  ownerId BigInt  @id
  bio     String?
  owner   Account @relation(fields: [ownerId], references: [id])
}

// A key with the owner in it, and one that points at it.
model Place {
  ownerId BigInt
  name    String
  about   String  @default("")
  owner   Account @relation(fields: [ownerId], references: [id])
  labels  Label[]

  @@id([ownerId, name])
}

model Label {
  id      Int     @id @default(autoincrement())
  text    String
  books   Book[]
  ownerId BigInt
  place   String?
  at      Place?  @relation(fields: [ownerId, place], references: [ownerId, name])
  owner   Account @relation(fields: [ownerId], references: [id])

  @@unique([ownerId, text])
}

// A join table with columns of its own.
model Loan {
  bookId  String
  day     DateTime
  to      String?
  book    Book    @relation(fields: [bookId], references: [id])
  ownerId BigInt
  owner   Account @relation(fields: [ownerId], references: [id])

  @@id([bookId, day], name: "loan")
  @@map("book_loans")
}

enum State {
  NEW
  READ
}
`;

/** Keys of which there are few, keys that are ordered as no text is, and a row of the user's that the user himself points at. */
export const FEW_KEYS = `
model User {
  id       Int       @id @default(autoincrement())
  mainId   Int?      @unique
  main     Account?  @relation("main", fields: [mainId], references: [id])
  accounts Account[]
  moods    Mood[]
  settings Setting[]
  files    File[]
}

model Account {
  id     Int    @id @default(autoincrement())
  name   String
  mainOf User?  @relation("main")
  userId Int
  user   User   @relation(fields: [userId], references: [id])
}

model Mood {
  kind   Kind   @id
  about  String @default("")
  userId Int
  user   User   @relation(fields: [userId], references: [id])
}

model Setting {
  id     Int     @id @default(autoincrement())
  kind   Kind
  isOn   Boolean
  userId Int
  user   User    @relation(fields: [userId], references: [id])

  @@unique([userId, kind, isOn])
}

model File {
  hash   Bytes  @id
  userId Int
  user   User   @relation(fields: [userId], references: [id])
  prints Print[]
}

model Print {
  at     DateTime @id
  hash   Bytes
  about  String?
  file   File     @relation(fields: [hash], references: [hash])
}

enum Kind {
  ONE
  TWO
  THREE
}
`;
