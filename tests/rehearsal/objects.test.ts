import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pickSafeObjects } from '../../src/rehearsal/objects.ts';

/** As mariadb-dump writes it, but for what it sets before and after. */
const DUMP = `-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB
-- Host: 127.0.0.1    Database: shop
/*!40101 SET NAMES utf8mb4 */;
/*!50001 CREATE VIEW \`titles\` AS SELECT
 NULL AS \`title\` */;
/*!50001 DROP VIEW IF EXISTS \`titles\`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=\`root\`@\`127.0.0.1\` SQL SECURITY DEFINER */
/*!50001 VIEW \`titles\` AS select \`Note\`.\`title\` AS \`title\` from \`Note\` */;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\`root\`@\`127.0.0.1\`*/ /*!50003 TRIGGER count_edits BEFORE UPDATE ON Note FOR EACH ROW BEGIN
  SET NEW.edits = OLD.edits + 1;
END
*/;;
DELIMITER ;
DELIMITER ;;
CREATE DEFINER=\`shop\`@\`%\` PROCEDURE \`tell\`()
BEGIN
  INSERT INTO shop.Log VALUES (1);
END
;;
DELIMITER ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\`shop\`@\`%\`*/ /*!50003 TRIGGER \`call\` AFTER UPDATE ON Note FOR EACH ROW CALL tell() */;;
DELIMITER ;
DELIMITER ;;
/*!50106 CREATE*/ /*!50117 DEFINER=\`root\`@\`127.0.0.1\`*/ /*!50106 EVENT \`clean\` ON SCHEDULE EVERY 1 DAY DO DELETE FROM Note */ ;;
DELIMITER ;
`;

describe('the safe objects of a MySQL dump', () => {
  const { text, leftOut } = pickSafeObjects(DUMP, { source: 'shop', others: [] });

  it('are without events, what names the source, and what names that', () => {
    assert.deepEqual(leftOut, ['procedure "tell"', 'trigger "call"', 'event "clean"']);
    assert.doesNotMatch(text, /tell|EVENT|Log/);
  });

  it('keep the others, whole and in their order', () => {
    assert.match(
      text,
      /VIEW `titles` AS SELECT\n NULL[\s\S]*VIEW `titles` AS select `Note`\.`title`[\s\S]*DELIMITER ;;\n.*TRIGGER count_edits/,
    );
    assert.match(text, /SET NEW\.edits = OLD\.edits \+ 1;\nEND/);
    assert.match(text, /SET NAMES utf8mb4/);
  });

  it('belong to whoever loads them', () => {
    assert.doesNotMatch(text, /DEFINER\s*=/);
    assert.match(text, /SQL SECURITY DEFINER/);
  });

  it('do not take the name in the head of the dump, or of a definer, for a name in an object', () => {
    const only = DUMP.replace('shop.Log', 'Log');
    assert.deepEqual(pickSafeObjects(only, { source: 'shop', others: [] }).leftOut, ['event "clean"']);
  });

  it('are the same where the server writes names in other quotes', () => {
    const other = pickSafeObjects(DUMP.replaceAll('`', '"').replace('shop.Log', '"Shop" .Log'), {
      source: 'shop',
      others: [],
    });
    assert.deepEqual(other.leftOut, leftOut);
    assert.equal(other.text, text.replaceAll('`', '"'));
  });

  it('do not name a table of another database of the server', () => {
    const other = pickSafeObjects(DUMP.replace('from `Note`', 'from `audit`.`Note`'), {
      source: 'nothing',
      others: ['audit', 'Note'],
    });
    // A table may be called like a database: rather too little than too much.
    assert.deepEqual(other.leftOut, ['view "titles"', 'event "clean"']);
    const spelt = pickSafeObjects(DUMP.replace('from `Note`', 'from Audit /* old */ . `Note`'), {
      source: 'nothing',
      others: ['audit'],
    });
    assert.deepEqual(spelt.leftOut, other.leftOut);
    const none = pickSafeObjects(DUMP, { source: 'nothing', others: ['audit'] });
    assert.deepEqual(none.leftOut, ['event "clean"']);
  });
});
