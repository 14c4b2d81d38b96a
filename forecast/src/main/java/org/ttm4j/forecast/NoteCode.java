package org.ttm4j.forecast;

/** The subject of a {@link Note}, for programs. */
public enum NoteCode {
    /** The requested mode is an alias. */
    MODE,
    /** The requested model name is an alias. */
    ALIAS,
    /** Which model was chosen, and why. */
    MODEL,
    /** Which members were combined, and their weights. */
    MEMBERS,
    /** Nothing beat repeating the past, and the forecast does that. */
    REPEATS_THE_PAST,
    /** The forecast is no better than repeating the past. */
    NO_BETTER_THAN_THE_PAST,
    /** The history is too short to measure a forecast in it. */
    NOT_MEASURED,
    /** The history is shorter than the model's context. */
    PADDED,
    /** The horizon is longer than the model's, which read its own forecast. */
    FED_BACK,
    /** The forecast was held within what the history and its trend can bear. */
    HELD,
    /** The model looks beyond the known future values. */
    REPEATED_FUTURE,
    /** Nothing of the channel is observed. */
    UNOBSERVED,
    /** The channel never varies. */
    CONSTANT,
    /** Missing steps were interpolated. */
    INTERPOLATED,
    /** The last steps are missing. */
    MISSING_AT_END,
    /** The last value is far from what came before, and left out. */
    ODD_AT_END,
    /** A few values far beyond all others count as missing. */
    OUTLIERS,
    /** One value that is repeated many times in a row, as no other is, counts as missing. */
    STUCK,
    /** The last values are zeros, more in a row than ever before: demand has ended. */
    ZEROS_AT_END,
    /** The first values are zeros, more in a row than ever after: demand had not begun. */
    ZEROS_AT_BEGINNING,
    /** The values change by less than float32 resolves. */
    COARSE,
    /** The history holds the season that was given less than one and a half times. */
    SEASON_TOO_LONG,
    /** A season beyond those of the calendar was found and counts in the forecast. */
    SEASON_FOUND,
    /** What comes on one day of every month is forecast apart. */
    MONTHLY_EVENTS,
    /** What is known of the future corrects the forecast, or does not. */
    DRIVERS,
    /** A percentage or a share is kept within its bounds. */
    BOUNDED,
    /** How the levels of a hierarchy were made to add up. */
    RECONCILED,
    /** A series ended before the others that it is forecast with. */
    ENDED_BEFORE,
    /** What a driver adds to the forecast. */
    DRIVER_EFFECT,
    /** A driver never varied in the history, or has a category in its future that the history does not have. */
    DRIVER_UNKNOWN,
    /** A channel that is forecast holds only 0 and 1, as a driver does whose future would have to be given. */
    ZERO_ONE,
    /** Why there are no quantiles. */
    NO_QUANTILES,
    /** Quantiles of levels that the model was not trained for. */
    EXTRAPOLATED_QUANTILES,
    /** How many earlier forecasts the quantiles rest on. */
    QUANTILE_WINDOWS,
    /** A note of another forecaster than those of this library. */
    OTHER
}
