/** The smallest app there is: two users, Ana and Ben, who own notes. Cases put their own notes beside them. */
export const USERS = `
  CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL UNIQUE);
  INSERT INTO "User" VALUES ('ana', 'ana@example.com'), ('ben', 'ben@example.com');`;

export const USER_MODEL = `
model User {
  id    String @id
  email String @unique
  notes Note[]
}
`;

/** The owner column of a table, its index, and in the schema the fields that go with it. */
export const OWNER_COLUMN = '"userId" TEXT REFERENCES "User" ("id")';
export const OWNER_INDEX = 'CREATE INDEX "Note_userId_idx" ON "Note" ("userId");';
export const OWNER_FIELDS = `
  userId String?
  user   User?   @relation(fields: [userId], references: [id])
`;

/** Notes as most tests need them: two without an owner, one of Ana's, one of Ben's. */
export const NOTES = {
  ddl: `${USERS}
    CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "text" TEXT, ${OWNER_COLUMN});
    ${OWNER_INDEX}
    INSERT INTO "Note" VALUES (1, 'one', NULL), (2, NULL, NULL), (3, 'hers', 'ana'), (4, 'his', 'ben');`,
  models: `${USER_MODEL}
model Note {
  id   Int     @id
  text String?${OWNER_FIELDS}}`,
};
