ALTER TABLE `contacts` ADD `tag_chips` text;--> statement-breakpoint
ALTER TABLE `tags` ADD `uses` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `tags` ADD `version` integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
-- A page of the list shows the tags of thirty people: they stand on the contact, kept by whatever changes them.
CREATE TRIGGER contact_tags_inserted AFTER INSERT ON contact_tags BEGIN
  UPDATE tags SET uses = uses + 1 WHERE workspace_id = NEW.workspace_id AND id = NEW.tag_id;
  UPDATE contacts SET tag_chips = (SELECT CASE count(*) WHEN 0 THEN NULL ELSE json_object('count', count(*), 'first', (
    SELECT json_group_array(json_object('id', id, 'name', name, 'color', color)) FROM (
      SELECT t.id, t.name, t.color FROM contact_tags u JOIN tags t ON t.workspace_id = u.workspace_id AND t.id = u.tag_id
      WHERE u.workspace_id = contacts.workspace_id AND u.contact_id = contacts.id ORDER BY t.name_key LIMIT 3))) END
    FROM contact_tags c WHERE c.workspace_id = contacts.workspace_id AND c.contact_id = contacts.id)
  WHERE workspace_id = NEW.workspace_id AND id = NEW.contact_id;
END;
--> statement-breakpoint
CREATE TRIGGER contact_tags_deleted AFTER DELETE ON contact_tags BEGIN
  UPDATE tags SET uses = uses - 1 WHERE workspace_id = OLD.workspace_id AND id = OLD.tag_id;
  UPDATE contacts SET tag_chips = (SELECT CASE count(*) WHEN 0 THEN NULL ELSE json_object('count', count(*), 'first', (
    SELECT json_group_array(json_object('id', id, 'name', name, 'color', color)) FROM (
      SELECT t.id, t.name, t.color FROM contact_tags u JOIN tags t ON t.workspace_id = u.workspace_id AND t.id = u.tag_id
      WHERE u.workspace_id = contacts.workspace_id AND u.contact_id = contacts.id ORDER BY t.name_key LIMIT 3))) END
    FROM contact_tags c WHERE c.workspace_id = contacts.workspace_id AND c.contact_id = contacts.id)
  WHERE workspace_id = OLD.workspace_id AND id = OLD.contact_id;
END;
--> statement-breakpoint
CREATE TRIGGER contact_tags_moved AFTER UPDATE OF contact_id, tag_id ON contact_tags BEGIN
  UPDATE tags SET uses = uses - 1 WHERE workspace_id = OLD.workspace_id AND id = OLD.tag_id;
  UPDATE tags SET uses = uses + 1 WHERE workspace_id = NEW.workspace_id AND id = NEW.tag_id;
  UPDATE contacts SET tag_chips = (SELECT CASE count(*) WHEN 0 THEN NULL ELSE json_object('count', count(*), 'first', (
    SELECT json_group_array(json_object('id', id, 'name', name, 'color', color)) FROM (
      SELECT t.id, t.name, t.color FROM contact_tags u JOIN tags t ON t.workspace_id = u.workspace_id AND t.id = u.tag_id
      WHERE u.workspace_id = contacts.workspace_id AND u.contact_id = contacts.id ORDER BY t.name_key LIMIT 3))) END
    FROM contact_tags c WHERE c.workspace_id = contacts.workspace_id AND c.contact_id = contacts.id)
  WHERE workspace_id = OLD.workspace_id AND id = OLD.contact_id;
  UPDATE contacts SET tag_chips = (SELECT CASE count(*) WHEN 0 THEN NULL ELSE json_object('count', count(*), 'first', (
    SELECT json_group_array(json_object('id', id, 'name', name, 'color', color)) FROM (
      SELECT t.id, t.name, t.color FROM contact_tags u JOIN tags t ON t.workspace_id = u.workspace_id AND t.id = u.tag_id
      WHERE u.workspace_id = contacts.workspace_id AND u.contact_id = contacts.id ORDER BY t.name_key LIMIT 3))) END
    FROM contact_tags c WHERE c.workspace_id = contacts.workspace_id AND c.contact_id = contacts.id)
  WHERE workspace_id = NEW.workspace_id AND id = NEW.contact_id;
END;
--> statement-breakpoint
CREATE TRIGGER tags_changed AFTER UPDATE OF name, name_key, color ON tags BEGIN
  UPDATE contacts SET tag_chips = (SELECT CASE count(*) WHEN 0 THEN NULL ELSE json_object('count', count(*), 'first', (
    SELECT json_group_array(json_object('id', id, 'name', name, 'color', color)) FROM (
      SELECT t.id, t.name, t.color FROM contact_tags u JOIN tags t ON t.workspace_id = u.workspace_id AND t.id = u.tag_id
      WHERE u.workspace_id = contacts.workspace_id AND u.contact_id = contacts.id ORDER BY t.name_key LIMIT 3))) END
    FROM contact_tags c WHERE c.workspace_id = contacts.workspace_id AND c.contact_id = contacts.id)
  WHERE workspace_id = NEW.workspace_id AND id IN (
    SELECT contact_id FROM contact_tags WHERE workspace_id = NEW.workspace_id AND tag_id = NEW.id);
END;
--> statement-breakpoint
UPDATE tags SET uses = (SELECT count(*) FROM contact_tags c WHERE c.workspace_id = tags.workspace_id AND c.tag_id = tags.id);
--> statement-breakpoint
UPDATE contacts SET tag_chips = (SELECT CASE count(*) WHEN 0 THEN NULL ELSE json_object('count', count(*), 'first', (
    SELECT json_group_array(json_object('id', id, 'name', name, 'color', color)) FROM (
      SELECT t.id, t.name, t.color FROM contact_tags u JOIN tags t ON t.workspace_id = u.workspace_id AND t.id = u.tag_id
      WHERE u.workspace_id = contacts.workspace_id AND u.contact_id = contacts.id ORDER BY t.name_key LIMIT 3))) END
    FROM contact_tags c WHERE c.workspace_id = contacts.workspace_id AND c.contact_id = contacts.id)
  WHERE (workspace_id, id) IN (SELECT workspace_id, contact_id FROM contact_tags);
