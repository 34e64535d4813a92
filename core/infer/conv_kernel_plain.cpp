// SPDX-License-Identifier: GPL-3.0-or-later
#define FW_CONV_NAME rowPlain
#define FW_CONV_LANES 4
#define FW_CONV_PIXELS 4
#include "infer/conv_kernel_p.h"
