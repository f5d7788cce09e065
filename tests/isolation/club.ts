/**
 * An app whose users point at other rows themselves: at what is everybody's, at each other, and one to one at an own row. A
 * folder may be nobody's, and what hangs on it as well.
 */
export const CLUB = `
model Team {
  id      String @id
  name    String
  members User[]
}

model User {
  id        String    @id
  name      String?
  teamId    String?
  team      Team?     @relation(fields: [teamId], references: [id])
  managerId String?
  manager   User?     @relation("Managed", fields: [managerId], references: [id])
  reports   User[]    @relation("Managed")
  avatarId  String?   @unique
  avatar    Picture?  @relation("Avatar", fields: [avatarId], references: [id])
  pictures  Picture[] @relation("Owned")
  folders   Folder[]
  notes     Note[]
}

model Picture {
  id       String  @id
  file     String
  avatarOf User?   @relation("Avatar")
  folderId String?
  folder   Folder? @relation(fields: [folderId], references: [id], onDelete: Cascade)
  userId   String
  user     User    @relation("Owned", fields: [userId], references: [id])
}

// Some are nobody's.
model Folder {
  id       String    @id
  name     String
  parentId String?
  parent   Folder?   @relation("Tree", fields: [parentId], references: [id])
  children Folder[]  @relation("Tree")
  pages    Page[]
  pictures Picture[]
  notes    Note[]
  userId   String?
  user     User?     @relation(fields: [userId], references: [id])
}

// Its owner is the folder's.
model Page {
  id       String @id
  text     String
  folderId String
  folder   Folder @relation(fields: [folderId], references: [id], onDelete: Cascade)
  marks    Mark[]
}

model Mark {
  id     String @id
  text   String
  pageId String
  page   Page   @relation(fields: [pageId], references: [id], onDelete: Cascade)
}

model Note {
  id       String  @id
  text     String
  folderId String?
  folder   Folder? @relation(fields: [folderId], references: [id])
  userId   String
  user     User    @relation(fields: [userId], references: [id], onDelete: Cascade)
}
`;
