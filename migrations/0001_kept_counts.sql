-- Counts are kept by the batch that moves a conversation, whatever statement moves it.
CREATE TRIGGER conversations_counted_insert AFTER INSERT ON conversations WHEN NEW.status <> 'closed' BEGIN
  INSERT INTO inbox_counts (workspace_id, inbox_id, department_id, open, unread, waiting)
  VALUES (NEW.workspace_id, NEW.inbox_id, coalesce(NEW.department_id, ''), 1, NEW.unread > 0, NEW.assignee_id IS NULL)
  ON CONFLICT (workspace_id, inbox_id, department_id) DO UPDATE SET
    open = open + 1, unread = unread + excluded.unread, waiting = waiting + excluded.waiting;
  INSERT INTO assignee_counts (workspace_id, assignee_id, open, unread)
  SELECT NEW.workspace_id, NEW.assignee_id, 1, NEW.unread > 0 WHERE NEW.assignee_id IS NOT NULL
  ON CONFLICT (workspace_id, assignee_id) DO UPDATE SET open = open + 1, unread = unread + excluded.unread;
END;
--> statement-breakpoint
CREATE TRIGGER conversations_counted_update AFTER UPDATE ON conversations
WHEN OLD.status <> NEW.status OR OLD.department_id IS NOT NEW.department_id OR OLD.assignee_id IS NOT NEW.assignee_id
  OR (OLD.unread > 0) <> (NEW.unread > 0) BEGIN
  UPDATE inbox_counts SET
    open = open - 1, unread = unread - (OLD.unread > 0), waiting = waiting - (OLD.assignee_id IS NULL)
  WHERE OLD.status <> 'closed' AND workspace_id = OLD.workspace_id AND inbox_id = OLD.inbox_id
    AND department_id = coalesce(OLD.department_id, '');
  INSERT INTO inbox_counts (workspace_id, inbox_id, department_id, open, unread, waiting)
  SELECT NEW.workspace_id, NEW.inbox_id, coalesce(NEW.department_id, ''), 1, NEW.unread > 0, NEW.assignee_id IS NULL
  WHERE NEW.status <> 'closed'
  ON CONFLICT (workspace_id, inbox_id, department_id) DO UPDATE SET
    open = open + 1, unread = unread + excluded.unread, waiting = waiting + excluded.waiting;
  UPDATE assignee_counts SET open = open - 1, unread = unread - (OLD.unread > 0)
  WHERE OLD.status <> 'closed' AND workspace_id = OLD.workspace_id AND assignee_id = OLD.assignee_id;
  INSERT INTO assignee_counts (workspace_id, assignee_id, open, unread)
  SELECT NEW.workspace_id, NEW.assignee_id, 1, NEW.unread > 0 WHERE NEW.assignee_id IS NOT NULL AND NEW.status <> 'closed'
  ON CONFLICT (workspace_id, assignee_id) DO UPDATE SET open = open + 1, unread = unread + excluded.unread;
END;
--> statement-breakpoint
CREATE TRIGGER conversations_counted_delete AFTER DELETE ON conversations WHEN OLD.status <> 'closed' BEGIN
  UPDATE inbox_counts SET
    open = open - 1, unread = unread - (OLD.unread > 0), waiting = waiting - (OLD.assignee_id IS NULL)
  WHERE workspace_id = OLD.workspace_id AND inbox_id = OLD.inbox_id AND department_id = coalesce(OLD.department_id, '');
  UPDATE assignee_counts SET open = open - 1, unread = unread - (OLD.unread > 0)
  WHERE workspace_id = OLD.workspace_id AND assignee_id = OLD.assignee_id;
END;
--> statement-breakpoint
-- The account of what was done is written once.
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT raise(ABORT, 'audit_log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT raise(ABORT, 'audit_log is append-only'); END;
