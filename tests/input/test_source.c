/* Whole files: every container, every cut, pipes and threads give the same records. */
#include "input/support.h"

#include <pthread.h>
#include <zlib.h>

#define HEADER                                                                                     \
	"##fileformat=VCFv4.2\n##contig=<ID=7>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

enum { SEED = 99, N_LINES = 3000 };

/* Lines of very different lengths, the last one without a newline. */
static void make_text(struct vx_buf *text)
{
	uint64_t state = SEED;

	vx_buf_init(text);
	vx_buf_adds(text, HEADER);
	for (int i = 0; i < N_LINES; i++) {
		size_t n;

		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		n = (state >> 33) % 40;
		if ((state >> 40) % 50 == 0)
			n = (state >> 20) % 20000;
		vx_buf_addf(text, "7\t%d\t.\tA\tC\t.\tPASS\tAC=%d;X=", i + 1, i % 977);
		for (size_t k = 0; k < n; k++)
			vx_buf_addc(text, (int)('a' + k % 26));
		if (i + 1 < N_LINES)
			vx_buf_addc(text, '\n');
	}
	ck_assert_int_eq(text->failed, 0);
}

static struct vx_wanted *want_ac(void)
{
	struct vx_slice key = vx_slice_str("AC");
	struct vx_wanted *wanted;

	ck_assert_int_eq(vx_wanted_new(&key, 1, &wanted, NULL), 0);
	return wanted;
}

/* Reads file in units of unit_bytes (0: as it would be) and compares with want. */
static void same_records(const struct vx_buf *file, size_t unit_bytes, const struct vx_buf *want)
{
	struct vx_wanted *wanted = want_ac();
	struct vx_source *source;
	struct vidx_error err;
	struct vx_buf got;
	int rc;

	vx_buf_init(&got);
	ck_assert_int_eq(open_bytes(file->p, file->len, &source, &err), 0);
	if (unit_bytes)
		vx_source_set_unit_bytes(source, unit_bytes);
	ck_assert_uint_eq(read_all(source, wanted, &got, &rc, &err), N_LINES);
	ck_assert_msg(rc == VIDX_END, "%s", err.text);
	ck_assert_uint_eq(got.len, want->len);
	ck_assert_int_eq(memcmp(got.p, want->p, want->len), 0);
	ck_assert_uint_eq(vx_source_read_bytes(source), file->len);
	vx_buf_release(&got);
	vx_source_close(source);
	vx_wanted_free(wanted);
}

static void make_want(struct vx_buf *want)
{
	vx_buf_init(want);
	for (int i = 0; i < N_LINES; i++)
		vx_buf_addf(want, "7 %d  A,C PASS 0 1:1:%d\n", i + 1, i % 977);
}

static const size_t cuts[] = {0, 1, 7, 100, 1000, 4096, 50000, 1 << 20};
#define N_CUTS ((int)(sizeof cuts / sizeof *cuts))

START_TEST(plain)
{
	struct vx_buf text, want;

	make_text(&text);
	make_want(&want);
	same_records(&text, cuts[_i], &want);
	vx_buf_release(&text);
	vx_buf_release(&want);
}
END_TEST

START_TEST(bgzf)
{
	static const size_t blocks[] = {17, 61, 1000, 65000};
	struct vx_buf text, want, file;

	make_text(&text);
	make_want(&want);
	for (int i = 0; i < 4; i++) {
		vx_buf_init(&file);
		bgzf_pack(&file, text.p, text.len, blocks[i]);
		same_records(&file, cuts[_i], &want);
		vx_buf_release(&file);
	}
	vx_buf_release(&text);
	vx_buf_release(&want);
}
END_TEST

/* zlib's gzip of [p, len) appended to out. */
static void gzip_member(struct vx_buf *out, const void *p, size_t len)
{
	z_stream z;

	memset(&z, 0, sizeof z);
	ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	ck_assert_int_eq(vx_buf_reserve(out, deflateBound(&z, len) + 100), 0);
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)len;
	z.next_out = out->p + out->len;
	z.avail_out = (uInt)(out->cap - out->len);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->len = (size_t)(z.next_out - out->p);
	deflateEnd(&z);
}

START_TEST(gzip_members)
{
	struct vx_buf text, want, file;
	size_t half;

	make_text(&text);
	make_want(&want);
	half = text.len / 2;
	vx_buf_init(&file);
	gzip_member(&file, text.p, 10);
	gzip_member(&file, "", 0);
	gzip_member(&file, text.p + 10, half);
	gzip_member(&file, text.p + 10 + half, text.len - half - 10);
	same_records(&file, cuts[_i], &want);
	vx_buf_release(&file);
	vx_buf_release(&text);
	vx_buf_release(&want);
}
END_TEST

struct writer {
	int fd;
	const struct vx_buf *file;
};

static void *write_slowly(void *arg)
{
	const struct writer *w = arg;

	for (size_t at = 0; at < w->file->len;) {
		size_t n = w->file->len - at < 4999 ? w->file->len - at : 4999;
		ssize_t put = write(w->fd, w->file->p + at, n);

		if (put <= 0)
			break;
		at += (size_t)put;
	}
	close(w->fd);
	return NULL;
}

START_TEST(from_a_pipe)
{
	struct vx_buf text, file, got, want;
	struct vx_wanted *wanted = want_ac();
	struct vx_source *source;
	struct vidx_error err = {0};
	struct vx_hash128 hash;
	struct writer w;
	pthread_t thread;
	int fd[2], rc;

	make_text(&text);
	make_want(&want);
	vx_buf_init(&file);
	vx_buf_init(&got);
	bgzf_pack(&file, text.p, text.len, 3000);
	ck_assert_int_eq(pipe(fd), 0);
	w.fd = fd[1];
	w.file = &file;
	ck_assert_int_eq(pthread_create(&thread, NULL, write_slowly, &w), 0);
	ck_assert_int_eq(vx_source_open_fd(fd[0], "pipe", &source, &err), 0);
	vx_source_set_unit_bytes(source, 20000);
	ck_assert_uint_eq(read_all(source, wanted, &got, &rc, &err), N_LINES);
	ck_assert_int_eq(rc, VIDX_END);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(got.len, want.len);
	ck_assert_int_eq(memcmp(got.p, want.p, want.len), 0);
	hash = vx_hash128(file.p, file.len);
	ck_assert(vx_source_hash(source).lo == hash.lo && vx_source_hash(source).hi == hash.hi);
	vx_source_close(source);
	close(fd[0]);
	vx_wanted_free(wanted);
	vx_buf_release(&text);
	vx_buf_release(&file);
	vx_buf_release(&got);
	vx_buf_release(&want);
}
END_TEST

/* --- many threads on one source, as the build uses it --- */

enum { N_THREADS = 4, UNITS_MAX = 4096 };

struct crowd {
	pthread_mutex_t lock;
	struct vx_source *source;
	uint64_t n_records[UNITS_MAX], sum[UNITS_MAX];
	uint64_t n_units;
	int rc;
};

static void *work(void *arg)
{
	struct crowd *crowd = arg;
	struct vidx_error err = {0};
	struct vx_unit *unit;
	int rc = vx_unit_new(&unit, &err);

	while (rc == 0) {
		uint64_t i = UNITS_MAX;
		struct vx_record r;

		pthread_mutex_lock(&crowd->lock);
		rc = vx_source_next(crowd->source, unit, &err);
		if (rc == 0) {
			i = vx_unit_number(unit);
			crowd->n_units = i + 1;
		}
		pthread_mutex_unlock(&crowd->lock);
		if (rc == 0)
			rc = vx_unit_load(unit, &err);
		if (rc != 0 || i >= UNITS_MAX)
			break;
		while ((rc = vx_unit_next(unit, NULL, &r, &err)) == 0) {
			crowd->n_records[i]++;
			crowd->sum[i] += r.pos1;
		}
		if (rc == VIDX_END)
			rc = 0;
	}
	if (rc < 0) {
		pthread_mutex_lock(&crowd->lock);
		crowd->rc = rc;
		pthread_mutex_unlock(&crowd->lock);
	}
	vx_unit_free(unit);
	return NULL;
}

/* Runs n threads; sums of all units in *n_ret and *sum_ret. */
static int run_crowd(const struct vx_buf *file, size_t unit_bytes, int n, uint64_t *n_ret,
		     uint64_t *sum_ret)
{
	struct crowd *crowd = calloc(1, sizeof *crowd);
	struct vidx_error err;
	pthread_t thread[N_THREADS];
	int rc;

	ck_assert_ptr_nonnull(crowd);
	pthread_mutex_init(&crowd->lock, NULL);
	ck_assert_int_eq(open_bytes(file->p, file->len, &crowd->source, &err), 0);
	vx_source_set_unit_bytes(crowd->source, unit_bytes);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, work, crowd), 0);
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	*n_ret = *sum_ret = 0;
	ck_assert_uint_lt(crowd->n_units, UNITS_MAX);
	for (uint64_t i = 0; i < crowd->n_units; i++) {
		*n_ret += crowd->n_records[i];
		*sum_ret += crowd->sum[i];
	}
	rc = crowd->rc;
	vx_source_close(crowd->source);
	pthread_mutex_destroy(&crowd->lock);
	free(crowd);
	return rc;
}

START_TEST(threads)
{
	struct vx_buf text, file;
	uint64_t n, sum;

	make_text(&text);
	vx_buf_init(&file);
	bgzf_pack(&file, text.p, text.len, 700);
	for (int n_threads = 1; n_threads <= N_THREADS; n_threads++) {
		for (size_t unit_bytes = 500; unit_bytes < 100000; unit_bytes *= 5) {
			ck_assert_int_eq(run_crowd(&file, unit_bytes, n_threads, &n, &sum), 0);
			ck_assert_uint_eq(n, N_LINES);
			ck_assert_uint_eq(sum, (uint64_t)N_LINES * (N_LINES + 1) / 2);
		}
	}
	vx_buf_release(&text);
	vx_buf_release(&file);
}
END_TEST

/* A flipped byte somewhere: every thread ends, and the failure is seen. */
START_TEST(threads_and_damage)
{
	struct vx_buf text, file;
	uint64_t n, sum;

	make_text(&text);
	vx_buf_init(&file);
	bgzf_pack(&file, text.p, text.len, 700);
	for (size_t at = 5000; at < file.len; at += file.len / 17) {
		file.p[at] ^= 0x10;
		ck_assert_int_eq(run_crowd(&file, 2000, N_THREADS, &n, &sum), VIDX_EBADINPUT);
		file.p[at] ^= 0x10;
	}
	vx_buf_release(&text);
	vx_buf_release(&file);
}
END_TEST

/* Units that are filled and never loaded must not keep the others waiting. */
START_TEST(dropped_units)
{
	struct vx_buf text;
	struct vx_source *source;
	struct vx_unit *a, *b;
	struct vidx_error err;

	make_text(&text);
	ck_assert_int_eq(open_bytes(text.p, text.len, &source, &err), 0);
	vx_source_set_unit_bytes(source, 10000);
	ck_assert_int_eq(vx_unit_new(&a, &err), 0);
	ck_assert_int_eq(vx_unit_new(&b, &err), 0);
	ck_assert_int_eq(vx_source_next(source, a, &err), 0);
	ck_assert_int_eq(vx_source_next(source, b, &err), 0);
	vx_unit_free(a);
	ck_assert_int_eq(vx_unit_load(b, &err), VIDX_EBADINPUT);
	ck_assert_int_eq(vx_source_next(source, b, &err), 0);
	vx_unit_free(b);
	vx_source_close(source);
	vx_source_close(NULL);
	vx_unit_free(NULL);
	vx_buf_release(&text);
}
END_TEST

/* --- the real files --- */

struct real {
	char name[64];
	unsigned n_records, n_samples;
	int has_samples;
};

/* The rows of the table in the data's README: | `file` | what | records | samples | ... */
static int read_row(const char *row, struct real *real)
{
	char records[32], samples[32];

	if (sscanf(row, "| `%63[^`]` | %*[^|] | %31[^|]| %31[^|]|", real->name, records, samples) !=
	    3)
		return 0;
	real->has_samples = sscanf(samples, "%u", &real->n_samples) == 1;
	return sscanf(records, "%u", &real->n_records) == 1;
}

static void check_real(const struct real *real, size_t unit_bytes)
{
	struct vx_source *source;
	struct vidx_error err = {0};
	struct vx_slice chrom;
	uint64_t pos1;
	char path[300];
	int rc;

	snprintf(path, sizeof path, SHARED "real/%s", real->name);
	if (access(path, R_OK) != 0 || !strstr(path, "cf"))
		return;
	rc = vx_source_open(path, &source, &err);
	if (strcmp(real->name, "breakends.vcf") == 0) { /* it lacks ##fileformat */
		ck_assert_int_eq(rc, VIDX_EBADINPUT);
		return;
	}
	ck_assert_msg(rc == 0, "%s", err.text);
	if (unit_bytes)
		vx_source_set_unit_bytes(source, unit_bytes);
	ck_assert_int_eq(vx_source_first(source, &chrom, &pos1), 0);
	ck_assert_uint_eq(read_all(source, NULL, NULL, &rc, &err), real->n_records);
	ck_assert_msg(rc == VIDX_END, "%s", err.text);
	if (real->has_samples)
		ck_assert_uint_eq(vx_source_header(source)->n_samples, real->n_samples);
	vx_source_close(source);
}

START_TEST(real_files)
{
	static const size_t unit_bytes[] = {0, 3000, 100000};
	char row[4096];
	struct real real;
	int n = 0;
	FILE *f;

	if (!shared_has("README.md"))
		return;
	f = fopen(SHARED "README.md", "r");
	ck_assert_ptr_nonnull(f);
	while (fgets(row, sizeof row, f)) {
		if (!read_row(row, &real))
			continue;
		check_real(&real, unit_bytes[_i]);
		n++;
	}
	fclose(f);
	ck_assert_int_gt(n, 90);
}
END_TEST

/* A BCF and the VCF of the same records. */
START_TEST(twins)
{
	static const char *const name[][2] = {
		{"real/1000g_30x_chrM.vcf.gz", "real/1000g_30x_chrM.bcf"},
		{"real/spec_example.vcf.gz", "real/spec_example.bcf"},
		{"bad/base.vcf.gz", "bad/base.bcf"}};
	struct vx_slice keys[] = {vx_slice_str("AC"), vx_slice_str("AN"), vx_slice_str("DP"),
				  vx_slice_str("NS"), vx_slice_str("AF"), vx_slice_str("DB")};
	struct vx_buf text[2];
	struct vidx_error err = {0};

	if (!shared_has(name[_i][0]))
		return;
	for (int k = 0; k < 2; k++) {
		struct vx_wanted *wanted;
		struct vx_source *source;
		char path[300];
		int rc;

		vx_buf_init(&text[k]);
		snprintf(path, sizeof path, SHARED "%s", name[_i][k]);
		ck_assert_int_eq(vx_wanted_new(keys, 6, &wanted, &err), 0);
		ck_assert_int_eq(vx_source_open(path, &source, &err), 0);
		vx_source_set_unit_bytes(source, 5000);
		ck_assert_uint_gt(read_all(source, wanted, &text[k], &rc, &err), 8);
		ck_assert_int_eq(rc, VIDX_END);
		vx_source_close(source);
		vx_wanted_free(wanted);
	}
	ck_assert_uint_eq(text[0].len, text[1].len);
	ck_assert_int_eq(memcmp(text[0].p, text[1].p, text[0].len), 0);
	vx_buf_release(&text[0]);
	vx_buf_release(&text[1]);
}
END_TEST

Suite *input_source_suite(void);
Suite *input_source_suite(void)
{
	Suite *suite = suite_create("input_source");
	TCase *tc = tcase_create("source");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, plain, 0, N_CUTS);
	tcase_add_loop_test(tc, bgzf, 0, N_CUTS);
	tcase_add_loop_test(tc, gzip_members, 0, N_CUTS);
	tcase_add_test(tc, from_a_pipe);
	tcase_add_test(tc, threads);
	tcase_add_test(tc, threads_and_damage);
	tcase_add_test(tc, dropped_units);
	tcase_add_loop_test(tc, real_files, 0, 3);
	tcase_add_loop_test(tc, twins, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}
