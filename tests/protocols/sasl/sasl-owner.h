/* Who answers a server engine's SASL questions in tests: alice's password is "secret". */
#pragma once

#include "protocols/sasl/sasl.h"

/* `mechanism`: at the first step only; `input` (nullable): there was no initial response. Replaces *sasl at the first step.
 * `*output` (transfer full) (nullable): the next challenge; with DONE one whose answer means nothing. */
WtSaslResult sasl_owner_step (WtSasl **sasl, const char *mechanism, const char *service, GBytes *input, GBytes **output);
