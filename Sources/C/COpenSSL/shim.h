#pragma once
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Macros, which Swift doesn't import.
static inline long copenssl_set_server_name(SSL *ssl, const char *name) {
  return SSL_set_tlsext_host_name(ssl, (char *)name);
}
static inline void copenssl_tune(SSL_CTX *context, int spares_memory) {
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_mode(context, (spares_memory ? SSL_MODE_RELEASE_BUFFERS : 0) | SSL_MODE_ENABLE_PARTIAL_WRITE
                                | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
}
static inline unsigned long long copenssl_no_ticket(void) { return SSL_OP_NO_TICKET; }
static inline int copenssl_limit_versions(SSL_CTX *context, int lowest, int highest) {
  return SSL_CTX_set_min_proto_version(context, lowest) == 1 && SSL_CTX_set_max_proto_version(context, highest) == 1;
}
// Variadic.
static inline EVP_PKEY *copenssl_generate_p256(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"); }
// The last call met the connection's end without close_notify; before OpenSSL 3 that was no error of its own.
static inline int copenssl_is_unexpected_end(void) {
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
  return ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
#else
  return 0;
#endif
}
