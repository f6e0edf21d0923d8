-- Every word and every spelling of a number (with and without country and area code, Brazil's ninth digit, the last four)
-- behind its workspace's id. A contact that was merged into another is found no more.
CREATE VIEW contact_terms AS
SELECT k.workspace_id, k.id AS contact_id, CASE WHEN k.merged_into_id IS NOT NULL THEN '' ELSE
  k.w || replace(k.name_key, ' ', ' ' || k.w)
  || CASE WHEN k.name IS NOT NULL AND k.profile_name IS NOT NULL THEN ' ' || k.w || replace(k.profile_name, ' ', ' ' || k.w) ELSE '' END
  || coalesce((SELECT ' ' || group_concat(CASE
      WHEN p.phone GLOB '+55[1-9][1-9]9????????' THEN
        k.w || substr(p.phone, 2) || ' ' || k.w || substr(p.phone, 4) || ' ' || k.w || substr(p.phone, 6) || ' ' || k.w || substr(p.phone, 7)
        || ' ' || k.w || '55' || substr(p.phone, 4, 2) || substr(p.phone, 7) || ' ' || k.w || substr(p.phone, 4, 2) || substr(p.phone, 7)
        || ' ' || k.w || substr(p.phone, -4)
      WHEN p.phone GLOB '+55[1-9][1-9]????????' THEN
        k.w || substr(p.phone, 2) || ' ' || k.w || substr(p.phone, 4) || ' ' || k.w || substr(p.phone, 6) || ' ' || k.w || substr(p.phone, -4)
      ELSE
        k.w || substr(p.phone, 2) || ' ' || k.w || substr(p.phone, 3) || ' ' || k.w || substr(p.phone, 4) || ' ' || k.w || substr(p.phone, 5)
        || ' ' || k.w || substr(p.phone, -8) || ' ' || k.w || substr(p.phone, -4)
      END, ' ')
    FROM (SELECT k.phone AS phone WHERE k.phone IS NOT NULL UNION
      SELECT i.phone FROM identities i WHERE i.workspace_id = k.workspace_id AND i.contact_id = k.id AND i.phone IS NOT NULL) AS p), '')
  END AS terms
FROM (SELECT *, replace(workspace_id, '-', '') AS w FROM contacts) AS k;
--> statement-breakpoint
CREATE VIRTUAL TABLE contact_search USING fts5(
  terms, content = 'contact_texts', content_rowid = 'id', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
--> statement-breakpoint
CREATE TRIGGER contact_texts_inserted AFTER INSERT ON contact_texts BEGIN
  INSERT INTO contact_search (rowid, terms) VALUES (NEW.id, NEW.terms);
END;
--> statement-breakpoint
CREATE TRIGGER contact_texts_updated AFTER UPDATE OF terms ON contact_texts WHEN OLD.terms <> NEW.terms BEGIN
  INSERT INTO contact_search (contact_search, rowid, terms) VALUES ('delete', OLD.id, OLD.terms);
  INSERT INTO contact_search (rowid, terms) VALUES (NEW.id, NEW.terms);
END;
--> statement-breakpoint
CREATE TRIGGER contact_texts_deleted AFTER DELETE ON contact_texts BEGIN
  INSERT INTO contact_search (contact_search, rowid, terms) VALUES ('delete', OLD.id, OLD.terms);
END;
--> statement-breakpoint
CREATE TRIGGER contacts_found_insert AFTER INSERT ON contacts BEGIN
  INSERT INTO contact_texts (workspace_id, contact_id, terms)
  SELECT workspace_id, contact_id, terms FROM contact_terms WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER contacts_found_update AFTER UPDATE OF name, profile_name, name_key, phone, merged_into_id ON contacts
WHEN OLD.name_key IS NOT NEW.name_key OR OLD.name IS NOT NEW.name OR OLD.profile_name IS NOT NEW.profile_name
  OR OLD.phone IS NOT NEW.phone OR OLD.merged_into_id IS NOT NEW.merged_into_id BEGIN
  UPDATE contact_texts SET terms = (SELECT t.terms FROM contact_terms t WHERE t.workspace_id = NEW.workspace_id AND t.contact_id = NEW.id)
  WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER contacts_found_delete BEFORE DELETE ON contacts BEGIN
  DELETE FROM contact_texts WHERE workspace_id = OLD.workspace_id AND contact_id = OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER identities_found_insert AFTER INSERT ON identities WHEN NEW.phone IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM contacts WHERE workspace_id = NEW.workspace_id AND id = NEW.contact_id AND phone = NEW.phone) BEGIN
  UPDATE contact_texts SET terms = (SELECT t.terms FROM contact_terms t WHERE t.workspace_id = NEW.workspace_id AND t.contact_id = NEW.contact_id)
  WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.contact_id;
END;
--> statement-breakpoint
CREATE TRIGGER identities_found_update AFTER UPDATE OF contact_id, phone ON identities
WHEN OLD.contact_id <> NEW.contact_id OR OLD.phone IS NOT NEW.phone BEGIN
  UPDATE contact_texts SET terms = (SELECT t.terms FROM contact_terms t
    WHERE t.workspace_id = contact_texts.workspace_id AND t.contact_id = contact_texts.contact_id)
  WHERE workspace_id = NEW.workspace_id AND contact_id IN (OLD.contact_id, NEW.contact_id);
END;
--> statement-breakpoint
CREATE TRIGGER identities_found_delete AFTER DELETE ON identities WHEN OLD.phone IS NOT NULL BEGIN
  UPDATE contact_texts SET terms = (SELECT t.terms FROM contact_terms t WHERE t.workspace_id = OLD.workspace_id AND t.contact_id = OLD.contact_id)
  WHERE workspace_id = OLD.workspace_id AND contact_id = OLD.contact_id;
END;
--> statement-breakpoint
-- Names from before names were folded: near enough until they change.
UPDATE contacts SET name_key = lower(coalesce(name, profile_name, phone, '')) WHERE name_key = '';
--> statement-breakpoint
INSERT INTO contact_texts (workspace_id, contact_id, terms) SELECT workspace_id, contact_id, terms FROM contact_terms WHERE true
ON CONFLICT (workspace_id, contact_id) DO NOTHING;
