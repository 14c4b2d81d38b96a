package org.ttm4j.ttm.io;

import java.nio.ByteBuffer;

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

    /** Decodes floats; exact for every value, including infinities and NaN. */
    void decode(ByteBuffer in, float[] out) {
        for (int i = 0; i < out.length; i++) {
            switch (this) {
                case F32 -> out[i] = in.getFloat();
                case F16 -> out[i] = Float.float16ToFloat(in.getShort());
                default -> out[i] = Float.intBitsToFloat(in.getShort() << 16);
            }
        }
    }

    /** Decodes integers and booleans. */
    void decode(ByteBuffer in, long[] out) {
        for (int i = 0; i < out.length; i++) {
            switch (this) {
                case I64 -> out[i] = in.getLong();
                case I32 -> out[i] = in.getInt();
                case I16 -> out[i] = in.getShort();
                case I8 -> out[i] = in.get();
                default -> out[i] = in.get() & 0xFF;
            }
        }
    }

    /**
     * Encodes floats, rounding to the nearest, ties to even. Throws IllegalArgumentException naming the index of a
     * finite value that would become infinite.
     */
    void encode(float[] in, int offset, int count, ByteBuffer out) {
        for (int i = offset; i < offset + count; i++) {
            switch (this) {
                case F32 -> out.putFloat(in[i]);
                case F16 -> {
                    short half = Float.floatToFloat16(in[i]);
                    requireFinite(in[i], Float.float16ToFloat(half), i);
                    out.putShort(half);
                }
                default -> {
                    int half = bfloat16(in[i]);
                    requireFinite(in[i], Float.intBitsToFloat(half << 16), i);
                    out.putShort((short) half);
                }
            }
        }
    }

    void encode(long[] in, int offset, int count, ByteBuffer out) {
        for (int i = offset; i < offset + count; i++) {
            switch (bytes) {
                case 8 -> out.putLong(in[i]);
                case 4 -> out.putInt((int) in[i]);
                case 2 -> out.putShort((short) in[i]);
                default -> out.put((byte) in[i]);
            }
        }
    }

    /** The upper half of the float's bits, rounded. Bits of NaN are not rounded: that could give infinity. */
    private static int bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) return bits >>> 16 | 0x40;
        return bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
    }

    private void requireFinite(float value, float stored, int index) {
        if (Float.isInfinite(stored) && !Float.isInfinite(value)) {
            throw new IllegalArgumentException("value " + value + " at index " + index + " is beyond " + this);
        }
    }
}
