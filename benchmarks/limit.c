/* The arithmetic limit: gradient descent on Himmelblau's landscape, 256 starts in the nearest
   cache, and nothing else. Prints the processor's seconds that all the starts and steps would take. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N 256

static double x[N], y[N];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv) {
    long starts = argc > 1 ? atol(argv[1]) : 1000000, steps = argc > 2 ? atol(argv[2]) : 200;
    double begun = now(), sum = 0;
    for (long block = 0; block < starts; block += N) {
        for (int i = 0; i < N; i++) {
            x[i] = (i % 17) * 0.1;
            y[i] = (i % 13) * 0.1;
        }
        for (long k = 0; k < steps; k++)
            for (int i = 0; i < N; i++) {
                double p = x[i], q = y[i], a = p * p + q - 11.0, b = p + q * q - 7.0;
                x[i] = p - 0.01 * (2.0 * (2.0 * a * p + b));
                y[i] = q - 0.01 * (2.0 * (a + 2.0 * b * q));
            }
        sum += x[block % N];
    }
    printf("%.9f %g\n", now() - begun, sum);
    return 0;
}
