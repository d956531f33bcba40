import Postgres

/// The outbox on PostgreSQL. Leases and waits run by its clock, so that instances need not agree on the time.
extension PostgresStatements {
  static let dutiesOfDays: PostgresSQL = """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules WHERE date = ANY($1::date[]) ORDER BY date, position
    """

  static let reviveMessages: PostgresSQL = """
    UPDATE outbox SET state = 'pending', due_at = 0, reason = NULL, starts_at = new.starts_at, ends_at = new.ends_at,
      updated_at = $7
    FROM unnest($1::text[], $2::date[], $3::double precision[], $4::double precision[])
      AS new (duty_key, date, starts_at, ends_at)
    WHERE outbox.duty_key = new.duty_key AND event = $5 AND channel = $6 AND state = 'withdrawn'
      AND subscriber_id IN (SELECT subscriber_id FROM subscriber_addresses WHERE channel = $6 AND state = 'active')
    """

  static let insertMessages: PostgresSQL = """
    INSERT INTO outbox (duty_key, event, subscriber_id, channel, date, starts_at, ends_at, state, attempts, due_at,
      created_at, updated_at)
    SELECT new.duty_key, $5::text, a.subscriber_id, $6::text, new.date, new.starts_at, new.ends_at, 'pending', 0, 0,
      $7::double precision, $7::double precision
    FROM unnest($1::text[], $2::date[], $3::double precision[], $4::double precision[]) WITH ORDINALITY
      AS new (duty_key, date, starts_at, ends_at, number)
    CROSS JOIN subscriber_addresses AS a
    WHERE a.channel = $6 AND a.state = 'active' AND NOT EXISTS (
      SELECT 1 FROM outbox AS o
      WHERE o.duty_key = new.duty_key AND o.event = $5 AND o.subscriber_id = a.subscriber_id AND o.channel = $6)
    ORDER BY number, a.subscriber_id
    ON CONFLICT DO NOTHING
    """

  /// Rows that another instance looks at are passed over. The outer join can't be locked, the outbox's rows can.
  static let dueMessages: PostgresSQL = """
    SELECT o.id, o.duty_key, o.event, o.subscriber_id, o.date, o.attempts, o.ends_at, a.address, a.details
    FROM outbox AS o LEFT JOIN subscriber_addresses AS a
      ON a.subscriber_id = o.subscriber_id AND a.channel = o.channel AND a.state = 'active'
    WHERE o.state IN ('pending', 'leased') AND o.channel = $1
      AND CASE o.state WHEN 'pending' THEN o.due_at ELSE o.lease_until END
        <= extract(epoch FROM clock_timestamp())::double precision
    ORDER BY o.starts_at, o.id LIMIT $2
    FOR UPDATE OF o SKIP LOCKED
    """

  static let leaseMessages: PostgresSQL = """
    UPDATE outbox SET state = 'leased', attempts = attempts + 1, lease_token = $3, ends_at = new.ends_at,
      lease_until = extract(epoch FROM clock_timestamp())::double precision + $4::double precision, updated_at = $5
    FROM unnest($1::bigint[], $2::double precision[]) AS new (id, ends_at)
    WHERE outbox.id = new.id
    """

  static let closeMessages: PostgresSQL = """
    UPDATE outbox SET state = new.state, reason = new.reason, lease_token = NULL, lease_until = NULL, updated_at = $4
    FROM unnest($1::bigint[], $2::text[], $3::text[]) AS new (id, state, reason)
    WHERE outbox.id = new.id
    """

  static let finishMessage: PostgresSQL = """
    UPDATE outbox SET state = $1, due_at = extract(epoch FROM clock_timestamp())::double precision + $2::double precision,
      reason = $3, lease_token = NULL, lease_until = NULL, updated_at = $4
    WHERE id = $5 AND lease_token = $6 AND state = 'leased'
    """
}
