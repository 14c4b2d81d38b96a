package org.ttm4j.ttm.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.engine.Shape;

class SafetensorsTest {
    @TempDir
    Path folder;

    /** The bytes of a file with this header (in single quotes) and these data. */
    static byte[] file(String header, byte... data) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    private static Safetensors read(byte[] file) throws CheckpointException {
        return Safetensors.read(new ByteArrayInputStream(file), "x.safetensors");
    }

    private byte[] written(Map<String, SafeTensor> tensors, Map<String, String> metadata) throws IOException {
        Path file = folder.resolve("written.safetensors");
        Safetensors.write(file, tensors, metadata);
        try (var names = Files.list(folder)) {
            assertEquals(List.of(file), names.toList(), "a temporary file was left");
        }
        return Files.readAllBytes(file);
    }

    @Test
    void everyTypeIsReadLittleEndian() throws Exception {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(-5).putFloat(1.5f).putFloat(-0.0f).putInt(-6).putShort((short) 0x3C00).putShort((short) 0x3F80);
        data.putShort((short) -7).put((byte) -8).put((byte) 200).put((byte) 1).put((byte) 0);
        Safetensors content = read(file(
                "{'__metadata__':{'format':'pt','note':'é'}," + "'i64':{'dtype':'I64','shape':[],'data_offsets':[0,8]},"
                        + "'f32':{'dtype':'F32','shape':[2,1],'data_offsets':[8,16]},"
                        + "'i32':{'dtype':'I32','shape':[1],'data_offsets':[16,20]},"
                        + "'f16':{'dtype':'F16','shape':[1],'data_offsets':[20,22]},"
                        + "'bf16':{'dtype':'BF16','shape':[1,1,1],'data_offsets':[22,24]},"
                        + "'i16':{'dtype':'I16','shape':[1],'data_offsets':[24,26]},"
                        + "'i8':{'dtype':'I8','shape':[1],'data_offsets':[26,27]},"
                        + "'u8':{'dtype':'U8','shape':[1],'data_offsets':[27,28]},"
                        + "'bool':{'dtype':'BOOL','shape':[2],'data_offsets':[28,30]},"
                        + "'none':{'dtype':'F32','shape':[3,0],'data_offsets':[30,30]}}   ",
                Arrays.copyOf(data.array(), data.position())));
        Map<String, SafeTensor> tensors = content.tensors();
        assertEquals(Map.of("format", "pt", "note", "é"), content.metadata());
        assertEquals(10, tensors.size());
        assertArrayEquals(new long[]{-5}, tensors.get("i64").integers());
        assertEquals(Shape.of(), tensors.get("i64").shape());
        assertArrayEquals(new float[]{1.5f, -0.0f}, tensors.get("f32").floats());
        assertEquals(Shape.of(2, 1), tensors.get("f32").shape());
        assertArrayEquals(new long[]{-6}, tensors.get("i32").integers());
        assertEquals(1f, tensors.get("f16").floats()[0]);
        assertEquals(1f, tensors.get("bf16").floats()[0]);
        assertArrayEquals(new long[]{-7}, tensors.get("i16").integers());
        assertArrayEquals(new long[]{-8}, tensors.get("i8").integers());
        assertArrayEquals(new long[]{200}, tensors.get("u8").integers());
        assertArrayEquals(new long[]{1, 0}, tensors.get("bool").integers());
        assertEquals(0, tensors.get("none").floats().length);
        assertThrows(IllegalStateException.class, () -> tensors.get("i64").floats());
        assertThrows(IllegalStateException.class, () -> tensors.get("f32").integers());
        assertThrows(UnsupportedOperationException.class, () -> tensors.clear());
    }

    /** All 65,536 halves of each kind, against their definition: sign, exponent and fraction. */
    @Test
    void halvesWidenExactlyAndNarrowBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            assertHalf(DType.F16, (short) bits, half(bits, 5, 10));
            assertHalf(DType.BF16, (short) bits, half(bits, 8, 7));
        }
    }

    private static double half(int bits, int exponentBits, int fractionBits) {
        int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
        double fraction = (bits & (1 << fractionBits) - 1) / (double) (1 << fractionBits);
        int bias = (1 << exponentBits - 1) - 1;
        double value;
        if (exponent == (1 << exponentBits) - 1) value = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        else if (exponent == 0) value = fraction * Math.pow(2, 1 - bias);
        else value = (1 + fraction) * Math.pow(2, exponent - bias);
        return (bits & 0x8000) == 0 ? value : -value;
    }

    private static void assertHalf(DType dtype, short bits, double expected) {
        float[] out = new float[1];
        dtype.decode(ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, bits), out);
        assertEquals((float) expected, out[0], () -> dtype + " of bits " + Integer.toHexString(bits & 0xFFFF));
        ByteBuffer back = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        dtype.encode(out, 0, 1, back);
        if (!Float.isNaN(out[0])) assertEquals(bits, back.getShort(0));
        else assertTrue(Double.isNaN(half(back.getShort(0), dtype == DType.F16 ? 5 : 8, dtype == DType.F16 ? 10 : 7)));
    }

    @Test
    void halvesRoundToTheNearestTiesToEven() throws Exception {
        // Halfway down and up to the even neighbour, just above halfway, subnormals of F16, the largest F16.
        float[] values = {1 + 0x1p-11f, 1 + 0x1.8p-10f, 1 + 0x1.1p-11f, 0x1p-25f, 0x1.1p-25f, 65519, -0f};
        float[] f16 = {1, 1 + 0x1p-9f, 1 + 0x1p-10f, 0, 0x1p-24f, 65504, -0f};
        float[] bf16 = {1, 1, 1, 0x1p-25f, 0x1.1p-25f, 65536, -0f};
        for (DType dtype : List.of(DType.F16, DType.BF16)) {
            byte[] file = written(Map.of("x", SafeTensor.of(dtype, Shape.of(values.length), values.clone())), Map.of());
            float[] read = read(file).tensors().get("x").floats();
            assertArrayEquals(dtype == DType.F16 ? f16 : bf16, read, dtype.name());
        }
    }

    @Test
    void aValueBeyondItsTypeIsRefusedByNameAndNothingIsWritten() throws Exception {
        Path file = folder.resolve("half.safetensors");
        Files.writeString(file, "the old one");
        for (DType dtype : List.of(DType.F16, DType.BF16)) {
            float[] values = {0, dtype == DType.F16 ? 65520f : Float.MAX_VALUE};
            Map<String, SafeTensor> tensors = Map.of("head.weight", SafeTensor.of(dtype, Shape.of(2), values));
            IllegalArgumentException error = assertThrows(IllegalArgumentException.class,
                    () -> Safetensors.write(file, tensors, Map.of()));
            assertTrue(error.getMessage().startsWith("tensor head.weight: "), error.getMessage());
            assertTrue(error.getMessage().contains("index 1"), error.getMessage());
        }
        assertEquals("the old one", Files.readString(file));
        try (var names = Files.list(folder)) {
            assertEquals(1, names.count());
        }
        assertThrows(IllegalArgumentException.class, () -> SafeTensor.ofIntegers(DType.U8, Shape.of(1), 256));
        assertThrows(IllegalArgumentException.class, () -> SafeTensor.ofIntegers(DType.BOOL, Shape.of(1), 2));
    }

    @Test
    void theLayoutIsThatOfTheReferenceWriter() throws Exception {
        Map<String, SafeTensor> tensors = new LinkedHashMap<>();
        tensors.put("b", SafeTensor.of(new float[]{2, 3}, 2));
        tensors.put("mask", SafeTensor.ofIntegers(DType.U8, Shape.of(3), 1, 0, 255));
        tensors.put("a", SafeTensor.of(new float[]{1}, 1, 1));
        tensors.put("n", SafeTensor.ofIntegers(DType.I64, Shape.of(), 7));
        byte[] file = written(tensors, Map.of("format", "pt"));
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]},"
                + "\"mask\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[20,23]}}";
        int padded = (header.length() + 7) / 8 * 8;
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(padded, in.getLong());
        assertEquals(header + " ".repeat(padded - header.length()),
                new String(file, 8, padded, StandardCharsets.UTF_8));
        assertEquals(8 + padded + 23, file.length);
        assertEquals(7, in.getLong(8 + padded));
        assertEquals(3f, in.getFloat(8 + padded + 16));
    }

    @Test
    void randomTensorsComeBackBitForBit() throws Exception {
        long seed = 11;
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            Map<String, SafeTensor> tensors = new LinkedHashMap<>();
            for (int k = random.nextInt(6); k >= 0; k--) {
                int[] dims = random.ints(random.nextInt(4), 0, 7).toArray();
                // Longer than one chunk of the writer now and then.
                if (dims.length == 1 && k == 0) dims[0] = 40_000;
                Shape shape = Shape.of(dims);
                float[] values = new float[shape.size()];
                for (int i = 0; i < values.length; i++) values[i] = Float.intBitsToFloat(random.nextInt() & ~(1 << 24));
                tensors.put("layer." + k + ".é", SafeTensor.of(DType.F32, shape, values));
                tensors.put("counter." + k, SafeTensor.ofIntegers(DType.I64, Shape.of(), random.nextLong()));
            }
            byte[] file = written(tensors, Map.of("format", "pt"));
            Safetensors content = read(file);
            assertEquals(tensors.keySet(), content.tensors().keySet(), "seed " + seed);
            for (String name : tensors.keySet()) {
                SafeTensor wrote = tensors.get(name);
                SafeTensor read = content.tensors().get(name);
                assertEquals(wrote.shape(), read.shape());
                if (wrote.dtype() == DType.F32) {
                    assertArrayEquals(wrote.floats(), read.floats(), "seed " + seed);
                } else {
                    assertArrayEquals(wrote.integers(), read.integers(), "seed " + seed);
                }
            }
            assertArrayEquals(file, written(content.tensors(), content.metadata()), "seed " + seed);
        }
    }

    @Test
    void filesAndStreamsGiveTheSame() throws Exception {
        Path file = folder.resolve("x.safetensors");
        Files.write(file, file("{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", (byte) 0, (byte) 0,
                (byte) 0xC0, (byte) 0x3F));
        for (Safetensors content : List.of(Safetensors.read(file), read(Files.readAllBytes(file)))) {
            assertEquals(Set.of("w"), content.tensors().keySet());
            assertArrayEquals(new float[]{1.5f}, content.tensors().get("w").floats());
        }
        assertEquals(folder.resolve("none") + ": no such file",
                assertThrows(CheckpointException.class, () -> Safetensors.read(folder.resolve("none"))).getMessage());
        assertThrows(CheckpointException.class, () -> Safetensors.read(folder));
    }
}
