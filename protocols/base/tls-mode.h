/* How much a client cares for TLS that begins within the session: STARTTLS (RFC 3207, RFC 9051 6.2.1), STLS (RFC 2595). */
#pragma once

typedef enum {
  WT_TLS_MODE_OFF,
  WT_TLS_MODE_MAY,  /* when the server offers it: opportunistic (RFC 7435) */
  WT_TLS_MODE_MUST, /* or no session */
} WtTlsMode;
