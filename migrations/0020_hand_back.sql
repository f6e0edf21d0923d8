ALTER TABLE `agents` ADD `hand_back_since` integer;--> statement-breakpoint
ALTER TABLE `agents` ADD `hand_back_by_id` text;--> statement-breakpoint
CREATE INDEX `agents_hand_back` ON `agents` (`hand_back_since`) WHERE hand_back_since IS NOT NULL AND deactivated_at IS NULL;--> statement-breakpoint
-- What broke off before this was kept: everyone who works here and does not administrate is looked at once.
UPDATE agents SET hand_back_since = 0 WHERE deactivated_at IS NULL AND role NOT IN ('owner', 'admin');
