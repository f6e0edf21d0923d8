CREATE TABLE `contact_field_values` (
	`workspace_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`field_id` text NOT NULL,
	`value` text NOT NULL,
	`value_key` text NOT NULL,
	`author_id` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `contact_id`, `field_id`),
	FOREIGN KEY (`workspace_id`,`contact_id`) REFERENCES `contacts`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`field_id`) REFERENCES `custom_fields`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contact_field_values_field` ON `contact_field_values` (`workspace_id`,`field_id`);--> statement-breakpoint
CREATE TABLE `contact_import_problems` (
	`workspace_id` text NOT NULL,
	`import_id` text NOT NULL,
	`line` integer NOT NULL,
	`code` text NOT NULL,
	`detail` text,
	PRIMARY KEY(`workspace_id`, `import_id`, `line`),
	FOREIGN KEY (`workspace_id`,`import_id`) REFERENCES `contact_imports`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `contact_imports` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`author_id` text NOT NULL,
	`file_name` text,
	`object_key` text,
	`delimiter` text NOT NULL,
	`mapping` text,
	`country` text NOT NULL,
	`overwrites` integer DEFAULT false NOT NULL,
	`state` text DEFAULT 'mapping' NOT NULL,
	`refusal` text,
	`total` integer DEFAULT 0 NOT NULL,
	`cursor` integer DEFAULT 0 NOT NULL,
	`created` integer DEFAULT 0 NOT NULL,
	`matched` integer DEFAULT 0 NOT NULL,
	`problems` integer DEFAULT 0 NOT NULL,
	`new_tags` integer DEFAULT 0 NOT NULL,
	`new_groups` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`author_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contact_imports_recent` ON `contact_imports` (`workspace_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `contact_imports_working` ON `contact_imports` (`updated_at`) WHERE state IN ('checking', 'importing');--> statement-breakpoint
CREATE INDEX `contact_imports_kept` ON `contact_imports` (`created_at`) WHERE object_key IS NOT NULL;--> statement-breakpoint
CREATE TABLE `custom_fields` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`kind` text NOT NULL,
	`choices` text DEFAULT '[]' NOT NULL,
	`position` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `custom_fields_name` ON `custom_fields` (`workspace_id`,`name_key`);--> statement-breakpoint
ALTER TABLE `contacts` ADD `blocked_at` integer;--> statement-breakpoint
ALTER TABLE `contacts` ADD `blocked_by_id` text;
--> statement-breakpoint
-- What is known of a contact in the workspace's own fields is found as their name is.
DROP VIEW contact_terms;
--> statement-breakpoint
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
  || coalesce((SELECT ' ' || group_concat(k.w || replace(f.value_key, ' ', ' ' || k.w), ' ') FROM contact_field_values f
    WHERE f.workspace_id = k.workspace_id AND f.contact_id = k.id AND f.value_key <> ''), '')
  END AS terms
FROM (SELECT *, replace(workspace_id, '-', '') AS w FROM contacts) AS k;
--> statement-breakpoint
CREATE TRIGGER field_values_found_insert AFTER INSERT ON contact_field_values WHEN NEW.value_key <> '' BEGIN
  UPDATE contact_texts SET terms = (SELECT t.terms FROM contact_terms t WHERE t.workspace_id = NEW.workspace_id AND t.contact_id = NEW.contact_id)
  WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.contact_id;
END;
--> statement-breakpoint
CREATE TRIGGER field_values_found_update AFTER UPDATE OF value_key ON contact_field_values WHEN OLD.value_key <> NEW.value_key BEGIN
  UPDATE contact_texts SET terms = (SELECT t.terms FROM contact_terms t WHERE t.workspace_id = NEW.workspace_id AND t.contact_id = NEW.contact_id)
  WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.contact_id;
END;
--> statement-breakpoint
CREATE TRIGGER field_values_found_delete AFTER DELETE ON contact_field_values WHEN OLD.value_key <> '' BEGIN
  UPDATE contact_texts SET terms = (SELECT t.terms FROM contact_terms t WHERE t.workspace_id = OLD.workspace_id AND t.contact_id = OLD.contact_id)
  WHERE workspace_id = OLD.workspace_id AND contact_id = OLD.contact_id;
END;
