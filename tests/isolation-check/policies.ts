const USER = `nullif(current_setting('app.user_id', true), '')`;

/** The tables of the blog that are one user's, and the condition under which a row is. */
const OWN: Record<string, string> = {
  Post: `"userId" = ${USER}`,
  Comment: `"userId" = ${USER}`,
  Tag: `"userId" = ${USER}`,
  Revision: `EXISTS (SELECT 1 FROM "Post" p WHERE p."id" = "postId")`,
  covers: `EXISTS (SELECT 1 FROM "Post" p WHERE p."id" = "post_id")`,
  _PostToTag: `EXISTS (SELECT 1 FROM "Post" p WHERE p."id" = "A") AND EXISTS (SELECT 1 FROM "Tag" t WHERE t."id" = "B")`,
};

/**
 * Row-level security for the blog, as most people write it: by the owner alone. Foreign keys are checked by the database itself,
 * past every policy.
 */
export function writePolicies(): string {
  return Object.entries(OWN)
    .map(
      ([table, own]) => `ALTER TABLE "${table}" ENABLE ROW LEVEL SECURITY;
        ALTER TABLE "${table}" FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON "${table}" USING (${own}) WITH CHECK (${own});`,
    )
    .join('\n');
}
