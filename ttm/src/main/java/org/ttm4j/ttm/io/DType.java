package org.ttm4j.ttm.io;

/**
 * The supported element types of a safetensors file, little-endian, ordered by increasing alignment as in the reference
 * writer of the format. 64-bit floats are not supported, because converting them to 32 bits would lose precision.
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

    /** True if elements are floats in memory; otherwise they are longs. */
    public boolean isFloat() {
        return floating;
    }
}
