package org.ttm4j.spring;

import java.io.IOException;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;

/**
 * The properties {@code ttm4j.*} of an application.
 *
 * @param model a bundled model for all requests, such as {@code 512-96}; without, the one that suits each request is chosen
 * @param folder of a checkpoint, instead of a bundled model
 * @param mode how much work a forecast takes
 * @param warmUp whether the models are loaded and warmed up before the application is ready
 */
@ConfigurationProperties("ttm4j")
public record TtmProperties(String model, Path folder, @DefaultValue("balanced") ForecastMode mode,
        @DefaultValue("false") boolean warmUp) {
    Forecaster forecaster() throws IOException {
        if (model != null && folder != null) {
            throw new IllegalArgumentException(
                    "ttm4j.model=" + model + " and ttm4j.folder=" + folder + ": expected one of them at most");
        }
        if (folder != null) return Forecaster.load(folder).in(mode);
        return (model == null ? Forecaster.bundled() : Forecaster.bundled(model)).in(mode);
    }
}
