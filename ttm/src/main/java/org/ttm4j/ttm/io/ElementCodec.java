package org.ttm4j.ttm.io;

import java.nio.ByteBuffer;

/** Converts elements of a safetensors file from and to little-endian bytes. */
final class ElementCodec {
    private ElementCodec() {}

    /** Decodes floats of type {@code dtype}; exact for every value, including infinities and NaN. */
    static void decode(DType dtype, ByteBuffer in, float[] out) {
        for (int i = 0; i < out.length; i++) {
            switch (dtype) {
                case F32 -> out[i] = in.getFloat();
                case F16 -> out[i] = Float.float16ToFloat(in.getShort());
                default -> out[i] = Float.intBitsToFloat(in.getShort() << 16);
            }
        }
    }

    /** Decodes integers and booleans. */
    static void decode(DType dtype, ByteBuffer in, long[] out) {
        for (int i = 0; i < out.length; i++) {
            switch (dtype) {
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
    static void encode(DType dtype, float[] in, int offset, int count, ByteBuffer out) {
        for (int i = offset; i < offset + count; i++) {
            switch (dtype) {
                case F32 -> out.putFloat(in[i]);
                case F16 -> {
                    short half = Float.floatToFloat16(in[i]);
                    requireFinite(dtype, in[i], Float.float16ToFloat(half), i);
                    out.putShort(half);
                }
                default -> {
                    int half = bfloat16(in[i]);
                    requireFinite(dtype, in[i], Float.intBitsToFloat(half << 16), i);
                    out.putShort((short) half);
                }
            }
        }
    }

    static void encode(DType dtype, long[] in, int offset, int count, ByteBuffer out) {
        for (int i = offset; i < offset + count; i++) {
            switch (dtype.bytes) {
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

    private static void requireFinite(DType dtype, float value, float stored, int index) {
        if (Float.isInfinite(stored) && !Float.isInfinite(value)) {
            throw new IllegalArgumentException("value " + value + " at index " + index + " is beyond " + dtype);
        }
    }
}
