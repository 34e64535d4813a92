// SPDX-License-Identifier: GPL-3.0-or-later
#define FW_CONV_NAME rowAvx512
#define FW_CONV_LANES 16
#define FW_CONV_PIXELS 14
#include "infer/conv_kernel_p.h"
