# sidekiq_driver.rb PORT: queues of Sidekiq, and what Sidekiq itself reports of them. A line in is a command, a line out is
# its answer in JSON. The end of the input ends it.
require "json"

ENV["PORT"] = ARGV[0]
require_relative "jobs"
require "sidekiq/api"

def wait_until(what)
  patience = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 60
  until yield
    raise "waited in vain until #{what}" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > patience
    sleep 0.02
  end
end

def enqueue(job, queue, count)
  count.times { job.set(queue: queue).perform_async }
end

$workers = []

def prepare
  $workers << spawn("sidekiq", "-r", File.join(__dir__, "jobs.rb"), "-c", "2", "-q", "mail", in: File::NULL, out: File::NULL, err: File::NULL)
  enqueue(Work, "mail", 3)
  enqueue(Retried, "mail", 2)
  enqueue(Dead, "mail", 1)
  # Sidekiq counts what it did every five seconds.
  wait_until("the jobs are done") { Sidekiq::Stats.new.processed == 6 && Sidekiq::RetrySet.new.size == 2 && Sidekiq::DeadSet.new.size == 1 }
  enqueue(Hold, "mail", 2)
  wait_until("the workers are held") { Sidekiq::ProcessSet.new.sum { |process| process["busy"] } == 2 }
  enqueue(Work, "mail", 4)
  enqueue(Work, "reports", 2)
  3.times { Work.set(queue: "mail").perform_in(3600) }
  {}
end

def report
  stats = Sidekiq::Stats.new
  processes = Sidekiq::ProcessSet.new.to_a
  {
    queues: stats.queues,
    latency: Sidekiq::Queue.all.to_h { |queue| [queue.name, queue.latency] },
    now: Time.now.to_f,
    delayed: stats.scheduled_size + stats.retry_size,
    dead: stats.dead_size,
    running: stats.workers_size,
    workers: processes.sum { |process| process["concurrency"] },
    processed: stats.processed,
    failed: stats.failed
  }
end

def release
  2.times { Sidekiq.redis { |redis| redis.rpush("release", "1") } }
  wait_until("everything is done") { Sidekiq::Stats.new.processed == 12 && Sidekiq::ProcessSet.new.sum { |process| process["busy"] } == 0 }
  {}
end

$stdout.sync = true
$stdin.each_line do |line|
  answer = begin
    send(line.strip)
  rescue => e
    { error: e.full_message(highlight: false) }
  end
  puts JSON.generate(answer)
end

$workers.each do |pid|
  Process.kill("KILL", pid)
  Process.wait(pid)
end
