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

/** Foreign keys are checked by the database itself, past every policy: so a policy has to. */
const LINKS: Record<string, string> = {
  Comment: `("postId" IS NULL OR EXISTS (SELECT 1 FROM "Post" p WHERE p."id" = "postId"))`,
};

/** Row-level security for the blog, as a person would write it; without `links`, as most people do. */
export function writePolicies({ links }: { links: boolean }): string {
  return Object.entries(OWN)
    .map(([table, own]) => {
      const check = links && LINKS[table] ? `${own} AND ${LINKS[table]}` : own;
      return `ALTER TABLE "${table}" ENABLE ROW LEVEL SECURITY;
        ALTER TABLE "${table}" FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON "${table}" USING (${own}) WITH CHECK (${check});`;
    })
    .join('\n');
}
