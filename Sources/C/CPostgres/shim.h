#pragma once
#include <libpq-fe.h>

// Character literals, which Swift imports as another type than libpq takes.
static const int cpostgres_field_sqlstate = PG_DIAG_SQLSTATE;
static const int cpostgres_field_message = PG_DIAG_MESSAGE_PRIMARY;
static const int cpostgres_field_hint = PG_DIAG_MESSAGE_HINT;

static inline void cpostgres_ignore(void *context, const PGresult *notice) {
  (void)context;
  (void)notice;
}
// Notices go nowhere: libpq's default is this process' stderr.
static inline void cpostgres_silence(PGconn *connection) {
  PQsetNoticeReceiver(connection, cpostgres_ignore, NULL);
}
