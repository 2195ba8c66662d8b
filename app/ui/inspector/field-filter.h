/* A field as text: what is copied, and the filter that finds it again. */
#pragma once

#include "protocols/base/field.h"

/* `smtp.response.code == 250`; the bare name for a branch. The value is quoted where the filter language needs it.
 * (transfer full) */
char *wt_field_to_filter (const WtField *field);
