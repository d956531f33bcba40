import Postgres

/// What the store asks PostgreSQL again and again; their plans are held by a test.
enum PostgresStatements {
  static let duties: PostgresSQL = """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules ORDER BY date, position
    """

  static let dutiesByFragment: PostgresSQL = """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules
    WHERE date = ANY (ARRAY(SELECT date FROM worksheets WHERE strpos(sheet, $1) > 0)) AND strpos(sheet, $1) > 0
    ORDER BY date, position
    """

  static let stored: PostgresSQL = """
    SELECT id, date, position, sheet, category, name, timing, room, speciality, shift
    FROM schedules WHERE date = ANY($1::date[]) ORDER BY date, position
    """

  static let changes: PostgresSQL = """
    SELECT id, kind, duty_id, date, category, name, timing, room, speciality, shift, previous_timing, previous_room,
      previous_speciality, previous_shift, changed_at
    FROM schedule_changes WHERE id > $1 ORDER BY id LIMIT $2
    """

  static let update: PostgresSQL = """
    UPDATE schedules SET sheet = new.sheet, position = new.position, room = new.room, speciality = new.speciality,
      shift = new.shift, updated_at = CASE WHEN new.changes_content THEN $8 ELSE schedules.updated_at END
    FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::boolean[])
      AS new (id, sheet, position, room, speciality, shift, changes_content)
    WHERE schedules.id = new.id
    """

  static let insert: PostgresSQL = """
    INSERT INTO schedules
      (date, sheet, position, category, name, timing, room, speciality, shift, created_at, updated_at)
    SELECT date, sheet, position, category, name, timing, room, speciality, shift, $10, $10
    FROM unnest($1::date[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[]) WITH ORDINALITY AS new (date, sheet, position, category, name, timing, room, speciality, shift, number)
    ORDER BY number
    RETURNING id, date, position
    """

  static let insertChanges: PostgresSQL = """
    INSERT INTO schedule_changes (kind, duty_id, date, category, name, timing, room, speciality, shift, previous_timing,
      previous_room, previous_speciality, previous_shift, changed_at)
    SELECT kind, duty_id, date, category, name, timing, room, speciality, shift, previous_timing, previous_room,
      previous_speciality, previous_shift, $14
    FROM unnest($1::text[], $2::bigint[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::text[], $11::text[], $12::text[], $13::text[]) WITH ORDINALITY
      AS new (kind, duty_id, date, category, name, timing, room, speciality, shift, previous_timing, previous_room,
        previous_speciality, previous_shift, number)
    ORDER BY number
    """

  static let scraped: PostgresSQL = """
    INSERT INTO scrapes (id, stored_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET stored_at = excluded.stored_at
    """

  static let lead: PostgresSQL = """
    INSERT INTO leader (id, holder, epoch, expires_at)
    VALUES (1, $1, 1, extract(epoch FROM clock_timestamp())::double precision + $2::double precision)
    ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
      epoch = leader.epoch + (leader.holder <> excluded.holder)::integer
    WHERE leader.holder = excluded.holder
      OR leader.expires_at <= extract(epoch FROM clock_timestamp())::double precision
      OR leader.expires_at > extract(epoch FROM clock_timestamp())::double precision + $3::double precision
    RETURNING epoch, expires_at
    """

  static let checkTerm: PostgresSQL = """
    SELECT 1 FROM leader
    WHERE holder = $1 AND epoch = $2 AND expires_at > extract(epoch FROM clock_timestamp())::double precision
    FOR SHARE
    """
}
