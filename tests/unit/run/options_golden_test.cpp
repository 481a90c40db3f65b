// SPDX-License-Identifier: Apache-2.0
// The launch options as records of 0.1.0 have them, byte for byte: this version reads what other versions
// have written, and they can read what it writes.
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "cli/args.hpp"
#include "run/record.hpp"
#include "text/words.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

struct Golden {
    const char* words;
    const char* options;  // without the hash of PATH
};
constexpr Golden goldens[] = {
    {"--name web --tag a --tag b", R"({"path_hash":PATH_HASH})"},
    {"--cwd /tmp", R"({"path_hash":PATH_HASH})"},
    {"--clean-env", R"({"clean_env":true,"path_hash":PATH_HASH})"},
    {"--unset-env A --unset-env B", R"({"unset_env":["A","B"],"path_hash":PATH_HASH})"},
    {"--env-file /dev/null --env-file rel.env",
     R"({"env_files":["/dev/null","/here/rel.env"],"path_hash":PATH_HASH})"},
    {"--env A=1 --env B=x=y,z", R"({"env_names":["A","B"],"path_hash":PATH_HASH})"},
    {"-e A=1 --env-file /dev/null --unset-env C --clean-env",
     R"({"clean_env":true,"unset_env":["C"],"env_files":["/dev/null"],"env_names":["A"],"path_hash":PATH_HASH})"},
    {"--stdin /dev/null", R"({"path_hash":PATH_HASH,"stdin":"/dev/null"})"},
    {"--log /tmp/opt/x.log", R"({"path_hash":PATH_HASH,"log":"/tmp/opt/x.log"})"},
    {"--split-log", R"({"path_hash":PATH_HASH})"},
    {"--keep-fd 9", R"({"path_hash":PATH_HASH,"keep_fds":[9]})"},
    {"--umask 027", R"({"path_hash":PATH_HASH,"umask":23})"},
    {"--nice 5", R"({"path_hash":PATH_HASH,"nice":5})"},
    {"--rlimit nofile=64 --rlimit core=unlimited:unlimited --rlimit fsize=64K",
     R"({"path_hash":PATH_HASH,"rlimits":[{"resource":"nofile","soft":64,"hard":64},{"resource":"core","soft":18446744073709551615,"hard":18446744073709551615},{"resource":"fsize","soft":65536,"hard":65536}]})"},
    {"--ignore HUP --ignore 10", R"({"path_hash":PATH_HASH,"ignore":["SIGHUP","SIGUSR1"]})"},
    {"--default INT", R"({"path_hash":PATH_HASH,"default":["SIGINT"]})"},
    {"--block USR1 --block RTMIN+1", R"({"path_hash":PATH_HASH,"block":["SIGUSR1","SIGRTMIN+1"]})"},
    {"--unblock TERM", R"({"path_hash":PATH_HASH,"unblock":["SIGTERM"]})"},
    {"--inherit-signals", R"({"path_hash":PATH_HASH,"inherit_signals":true})"},
    {"--stop-signal INT", R"({"path_hash":PATH_HASH})"},
    {"--stop-timeout 250ms", R"({"path_hash":PATH_HASH})"},
    {"--timeout 1h30m", R"({"path_hash":PATH_HASH,"timeout_ms":5400000})"},
    {"--ready cmd:true --ready-timeout 3s",
     R"({"path_hash":PATH_HASH,"ready":["cmd:true"],"ready_timeout_ms":3000})"},
    {"--ready cmd:true --ready-shared",
     R"({"path_hash":PATH_HASH,"ready":["cmd:true"],"ready_timeout_ms":30000,"ready_shared":true})"},
    {"--ready cmd:true --ready-fail log:^FATAL --ready-fail log:error",
     R"({"path_hash":PATH_HASH,"ready":["cmd:true"],"ready_timeout_ms":30000,"ready_fail":["log:^FATAL","log:error"]})"},
    {"--ready-timeout 3s", R"({"path_hash":PATH_HASH})"},
    {"--restart on-failure",
     R"({"path_hash":PATH_HASH,"restart":"on-failure","max_restarts":-1,"backoff_min_ms":100,"backoff_max_ms":30000,"restart_window_ms":10000})"},
    {"--restart always --max-restarts 5",
     R"({"path_hash":PATH_HASH,"restart":"always","max_restarts":5,"backoff_min_ms":100,"backoff_max_ms":30000,"restart_window_ms":10000})"},
    {"--restart on-exit=129,75 --backoff 100ms..2s --restart-window 1m",
     R"({"path_hash":PATH_HASH,"restart":"on-exit","restart_codes":[129,75],"max_restarts":-1,"backoff_min_ms":100,"backoff_max_ms":2000,"restart_window_ms":60000})"},
    {"--max-restarts 7",
     R"({"path_hash":PATH_HASH,"restart":"no","max_restarts":7,"backoff_min_ms":100,"backoff_max_ms":30000,"restart_window_ms":10000})"},
    {"--backoff 2s",
     R"({"path_hash":PATH_HASH,"restart":"no","max_restarts":-1,"backoff_min_ms":2000,"backoff_max_ms":30000,"restart_window_ms":10000})"},
    {"--restart-window 3s",
     R"({"path_hash":PATH_HASH,"restart":"no","max_restarts":-1,"backoff_min_ms":100,"backoff_max_ms":30000,"restart_window_ms":3000})"},
    {"--restart-on HUP --restart-on USR1", R"({"path_hash":PATH_HASH,"restart_on":["SIGHUP","SIGUSR1"]})"},
    {"--health true",
     R"({"path_hash":PATH_HASH,"health":"true","health_interval_ms":5000,"health_timeout_ms":5000,"health_retries":3,"health_start_ms":0})"},
    {"--health true --health-interval 1s --health-timeout 2s --health-retries 4 --health-start 1m",
     R"({"path_hash":PATH_HASH,"health":"true","health_interval_ms":1000,"health_timeout_ms":2000,"health_retries":4,"health_start_ms":60000})"},
    {"--health-retries 9", R"({"path_hash":PATH_HASH})"},
    {"--port 6390", R"({"path_hash":PATH_HASH,"port":"6390"})"},
    {"--port auto:3000", R"({"path_hash":PATH_HASH,"port":"auto:3000"})"},
    {"--pool 2",
     R"({"path_hash":PATH_HASH,"restart":"always","max_restarts":-1,"backoff_min_ms":100,"backoff_max_ms":30000,"restart_window_ms":10000,"pool":2})"},
    {"--pool 2 --restart no", R"({"path_hash":PATH_HASH,"pool":2})"},
    {"--pool 2 --restart on-failure",
     R"({"path_hash":PATH_HASH,"restart":"on-failure","max_restarts":-1,"backoff_min_ms":100,"backoff_max_ms":30000,"restart_window_ms":10000,"pool":2})"},
    {"--watch /tmp/opt/w",
     R"({"path_hash":PATH_HASH,"watch":["/tmp/opt/w"],"watch_ext":[],"watch_exclude":[],"debounce_ms":100})"},
    {"--watch /tmp/opt/w/ --watch-ext c,.h --watch-exclude build/ --watch-exclude *.log --watch-exclude "
     "sub/x --watch-exclude . --watch-all --watch-signal HUP --watch-poll 100ms --debounce 300ms",
     R"({"path_hash":PATH_HASH,"watch":["/tmp/opt/w"],"watch_ext":[".c",".h"],"watch_exclude":["build/","*.log","/here/sub/x","/here"],"debounce_ms":300,"watch_all":true,"watch_poll_ms":100,"watch_signal":"SIGHUP"})"},
    {"--watch-ext c", R"({"path_hash":PATH_HASH})"},
    {"--on-exit true", R"({"path_hash":PATH_HASH,"on_exit":"true"})"},
    {"--pid-file /tmp/opt/pid", R"({"path_hash":PATH_HASH,"pid_file":"/tmp/opt/pid"})"},
    {"--while pid:1 --while ttl:8h", R"({"path_hash":PATH_HASH,"while":["pid:1","ttl:8h"]})"},
    {"--log-max-size 10M", R"({"path_hash":PATH_HASH,"log_max_size":10485760,"log_keep":1})"},
    {"--log-max-size 1K --log-keep 3", R"({"path_hash":PATH_HASH,"log_max_size":1024,"log_keep":3})"},
    {"--log-keep 3", R"({"path_hash":PATH_HASH})"},
    {"--log-times", R"({"path_hash":PATH_HASH,"log_times":true})"},
    {"--survive job", R"({"path_hash":PATH_HASH})"},
    {"", R"({"path_hash":PATH_HASH})"},
    {"--keep", R"({"path_hash":PATH_HASH})"},
};

std::string folder() {
    return "/here";
}

std::string without_hash(std::string options) {
    const std::string key = "\"path_hash\":";
    const auto at = options.find(key) + key.size();
    return options.replace(at, options.find_first_of(",}", at) - at, "PATH_HASH");
}

}  // namespace

TEST_CASE("the options of a record are written as they always were, and read") {
    REQUIRE(::dup3(0, 9, O_CLOEXEC) == 9);
    for (const Golden& golden : goldens) {
        CAPTURE(golden.words);
        const auto args = cli::parse_args(cli::launch_verb(), text::split(golden.words, ' '));
        const Spec spec = parse_options(args.given(), folder);
        CHECK(without_hash(write_options(spec)) == golden.options);
        Record record;
        record.options_json = write_options(spec);
        const Spec back = read_spec(record);
        if (back.lost_fds.empty()) CHECK(without_hash(write_options(back)) == golden.options);
    }
    ::close(9);
}
