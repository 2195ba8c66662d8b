/* What tls.c and tls-credentials.c share. */
#pragma once

#include "protocols/tls/tls.h"


#include <gnutls/gnutls.h>

struct _WtTlsCredentials {
  gatomicrefcount ref_count;
  gnutls_certificate_credentials_t certificates;
};
