/**
 * Looks at one frame and says what it sees. A {@link dev.flinkvideo.operators.analyze.PictureJudge}
 * per session measures each picture in one pass over sampled rows and shows it to the analyzers,
 * which raise and clear alarms; each analyzer is a small interface that others can implement.
 * Nothing here knows FFmpeg, and nothing is allocated per picture.
 */
package dev.flinkvideo.operators.analyze;
