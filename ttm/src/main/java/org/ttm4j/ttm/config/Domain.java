package org.ttm4j.ttm.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The set of values that a {@link Key} may have. Immutable. */
interface Domain {
    /** Far above any published model. Keeps derived sizes within an int, and hostile files from exhausting memory. */
    int MAX_SIZE = 1 << 20;

    Domain SIZE = new Whole(1, MAX_SIZE);
    Domain COUNT = new Whole(0, MAX_SIZE);
    Domain LAYERS = new Whole(1, 256);
    Domain LEVELS = new Whole(0, 16);
    Domain HIDDEN = new Whole(1, 1024);
    Domain INTEGER = new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    Domain FINITE = new Real(-Float.MAX_VALUE, Float.POSITIVE_INFINITY, "a finite number");
    Domain NOT_NEGATIVE = new Real(0, Float.POSITIVE_INFINITY, "a number of at least 0");
    Domain POSITIVE = new Real(Float.MIN_VALUE, Float.POSITIVE_INFINITY, "a positive number");
    Domain PROBABILITY = new Real(0, 1, "a number in [0, 1)");
    Domain INSIDE_UNIT = new Real(Float.MIN_VALUE, 1, "a number in (0, 1)");
    Domain FLAG = new Flag();
    /** Lists whose order has no meaning are sorted. */
    Domain INDICES = new Integers(true);
    Domain VOCABULARIES = new Integers(false);
    Domain QUANTILES = new Quantiles();

    /**
     * Converts a value of a parsed file to its Java type.
     *
     * @throws IllegalArgumentException naming the key when the value has another type or is out of range
     */
    Object read(String key, Object json);

    /** Integers from least to most. */
    record Whole(int least, int most) implements Domain {
        @Override
        public Integer read(String key, Object json) {
            if (!(json instanceof Long number)) throw ConfigJson.wrong(key, json, "an integer");
            int value = (int) (long) number;
            if (number != value) throw ConfigJson.wrong(key, json, "an integer below 2³¹");
            if (value >= least && value <= most) return value;
            throw ConfigJson.wrong(key, json, "an integer from " + least + " to " + most);
        }
    }

    /** Numbers in a range. The upper limit applies after rounding to float32, which the kernels use. */
    record Real(float least, float below, String expected) implements Domain {
        @Override
        public Double read(String key, Object json) {
            if (!(json instanceof Number number)) throw ConfigJson.wrong(key, json, "a number");
            double value = number.doubleValue();
            if (value >= least && (float) value < below) return value;
            throw ConfigJson.wrong(key, value, expected);
        }
    }

    record Flag() implements Domain {
        @Override
        public Boolean read(String key, Object json) {
            if (json instanceof Boolean flag) return flag;
            throw ConfigJson.wrong(key, json, "true or false");
        }
    }

    record Choice<E extends Enum<E>>(Class<E> type) implements Domain {
        @Override
        public E read(String key, Object json) {
            return ConfigJson.constant(key, json, type);
        }
    }

    /** The values of another domain, or null. */
    record Maybe(Domain domain) implements Domain {
        @Override
        public Optional<Object> read(String key, Object json) {
            return json == null ? Optional.empty() : Optional.of(domain.read(key, json));
        }
    }

    /** Lists of integers; null for an empty one. */
    record Integers(boolean sorted) implements Domain {
        @Override
        public List<Integer> read(String key, Object json) {
            if (json == null) return List.of();
            if (!(json instanceof List<?> list)) throw ConfigJson.wrong(key, json, "a list of integers or null");
            // An empty list would mean a forecast of no channel, or no categorical input: null says the latter.
            if (list.isEmpty()) throw ConfigJson.wrong(key, json, "at least one index, or null");
            List<Integer> integers = new ArrayList<>();
            for (Object element : list) integers.add((Integer) INTEGER.read(key, element));
            if (sorted) integers.sort(null);
            return List.copyOf(integers);
        }
    }

    /** Quantile levels, which are sorted. */
    record Quantiles() implements Domain {
        /** Far more levels than needed. Kernels keep working memory for each. */
        private static final int MAX_COUNT = 255;

        @Override
        public List<Double> read(String key, Object json) {
            List<Double> levels = new ArrayList<>();
            if (json instanceof List<?> list && list.size() <= MAX_COUNT) {
                for (Object level : list)
                    levels.add(level instanceof Number number ? number.doubleValue() : Double.NaN);
            }
            levels.sort(null);
            boolean possible = levels.size() % 2 == 1 && levels.get(levels.size() / 2) == 0.5;
            float last = 0;
            for (double level : levels) {
                possible &= (float) level > last && (float) level < 1;
                last = (float) level;
            }
            if (possible) return List.copyOf(levels);
            throw ConfigJson.wrong(key, json,
                    "a list of an odd number of levels between 0 and 1, each once, with 0.5 in the middle");
        }
    }
}
