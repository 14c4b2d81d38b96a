package org.ttm4j.ttm.io;

/**
 * Element types of a safetensors file that are read here, little-endian. In the order the format's reference writer
 * ranks them, by increasing alignment. 64-bit floats are not among them: narrowing would lose what the file says.
 */
public enum DType {
    BOOL(1, false, 0, 1), U8(1, false, 0, 255), I8(1, false, Byte.MIN_VALUE, Byte.MAX_VALUE), I16(2, false,
            Short.MIN_VALUE, Short.MAX_VALUE), F16(2, true, 0, 0), BF16(2, true, 0, 0), I32(4, false, Integer.MIN_VALUE,
                    Integer.MAX_VALUE), F32(4, true, 0, 0), I64(8, false, Long.MIN_VALUE, Long.MAX_VALUE);

    final int bytes;
    final long least;
    final long most;
    private final boolean floating;

    DType(int bytes, boolean floating, long least, long most) {
        this.bytes = bytes;
        this.floating = floating;
        this.least = least;
        this.most = most;
    }

    /** True if elements become floats in memory; all others become longs. */
    public boolean isFloat() {
        return floating;
    }
}
