/** What all parts of keyed state have alike: how they are versioned, and refused. */
package dev.flinkvideo.operators.state;
