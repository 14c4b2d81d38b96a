/** What a pre-training run is made of: its configuration file, the windows it draws, and when it ends. */
package org.ttm4j.eval.pretraining;
