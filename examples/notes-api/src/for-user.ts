// Written by prisma-ownership from the Prisma schema; not to be edited. After each change of the schema:
//   npx prisma-ownership isolation --generate=src/for-user.ts
// biome-ignore-all format: a program writes it
import { isolate } from 'prisma-ownership/isolation';

// prettier-ignore
export const { forUser } = isolate({
  ownerModel: 'User',
  ownerKey: 'id',
  ownerKeyType: 'String',
  models: {
    User: {
      scope: { kind: 'users' },
      scalars: ['id', 'email', 'name', 'createdAt'],
      keys: [],
      relations: {
        projects: { to: 'Project', opposite: 'user', isList: true, isRequired: true },
        notes: { to: 'Note', opposite: 'user', isList: true, isRequired: true },
        tags: { to: 'Tag', opposite: 'user', isList: true, isRequired: true },
        noteTags: { to: 'NoteTag', opposite: 'user', isList: true, isRequired: true },
        attachments: { to: 'Attachment', opposite: 'user', isList: true, isRequired: true },
        reminderRules: { to: 'ReminderRule', opposite: 'user', isList: true, isRequired: true },
      },
    },
    Project: {
      scope: { kind: 'owned', field: 'userId', relation: 'user', isRequired: false },
      scalars: ['id', 'name', 'description', 'archivedAt', 'createdAt', 'parentId', 'userId'],
      keys: [],
      relations: {
        parent: { to: 'Project', opposite: 'children', isList: false, isRequired: false, fields: ['parentId'], references: ['id'], onDelete: 'SetNull' },
        children: { to: 'Project', opposite: 'parent', isList: true, isRequired: true },
        notes: { to: 'Note', opposite: 'project', isList: true, isRequired: true },
        user: { to: 'User', opposite: 'projects', isList: false, isRequired: false, fields: ['userId'], references: ['id'], onDelete: 'Restrict' },
      },
    },
    Note: {
      scope: { kind: 'owned', field: 'userId', relation: 'user', isRequired: false },
      scalars: ['id', 'title', 'body', 'pinned', 'createdAt', 'updatedAt', 'projectId', 'userId'],
      keys: [],
      relations: {
        project: { to: 'Project', opposite: 'notes', isList: false, isRequired: false, fields: ['projectId'], references: ['id'], onDelete: 'SetNull' },
        tags: { to: 'NoteTag', opposite: 'note', isList: true, isRequired: true },
        attachments: { to: 'Attachment', opposite: 'note', isList: true, isRequired: true },
        reminderRules: { to: 'ReminderRule', opposite: 'note', isList: true, isRequired: true },
        user: { to: 'User', opposite: 'notes', isList: false, isRequired: false, fields: ['userId'], references: ['id'], onDelete: 'Restrict' },
      },
    },
    Tag: {
      scope: { kind: 'owned', field: 'userId', relation: 'user', isRequired: false },
      scalars: ['id', 'name', 'color', 'userId'],
      keys: ['userId_name'],
      relations: {
        notes: { to: 'NoteTag', opposite: 'tag', isList: true, isRequired: true },
        user: { to: 'User', opposite: 'tags', isList: false, isRequired: false, fields: ['userId'], references: ['id'], onDelete: 'Restrict' },
      },
    },
    NoteTag: {
      scope: { kind: 'owned', field: 'userId', relation: 'user', isRequired: false },
      scalars: ['noteId', 'tagId', 'addedAt', 'userId'],
      keys: ['noteId_tagId'],
      relations: {
        note: { to: 'Note', opposite: 'tags', isList: false, isRequired: true, fields: ['noteId'], references: ['id'], onDelete: 'Cascade' },
        tag: { to: 'Tag', opposite: 'notes', isList: false, isRequired: true, fields: ['tagId'], references: ['id'], onDelete: 'Cascade' },
        user: { to: 'User', opposite: 'noteTags', isList: false, isRequired: false, fields: ['userId'], references: ['id'], onDelete: 'Restrict' },
      },
    },
    Attachment: {
      scope: { kind: 'owned', field: 'userId', relation: 'user', isRequired: false },
      scalars: ['id', 'fileName', 'altText', 'sizeBytes', 'checksum', 'createdAt', 'noteId', 'userId'],
      keys: [],
      relations: {
        note: { to: 'Note', opposite: 'attachments', isList: false, isRequired: true, fields: ['noteId'], references: ['id'], onDelete: 'Cascade' },
        user: { to: 'User', opposite: 'attachments', isList: false, isRequired: false, fields: ['userId'], references: ['id'], onDelete: 'Restrict' },
      },
    },
    ReminderRule: {
      scope: { kind: 'owned', field: 'userId', relation: 'user', isRequired: false },
      scalars: ['id', 'message', 'repeats', 'leadHours', 'isEnabled', 'nextAt', 'createdAt', 'noteId', 'userId'],
      keys: [],
      relations: {
        note: { to: 'Note', opposite: 'reminderRules', isList: false, isRequired: true, fields: ['noteId'], references: ['id'], onDelete: 'Cascade' },
        user: { to: 'User', opposite: 'reminderRules', isList: false, isRequired: false, fields: ['userId'], references: ['id'], onDelete: 'Restrict' },
      },
    },
    AppSetting: {
      scope: { kind: 'shared' },
      scalars: ['key', 'value', 'updatedAt'],
      keys: [],
      relations: {},
    },
  },
});
