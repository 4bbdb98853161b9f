#pragma once

#include "platform/http/loop.hpp"

#include <atomic>

namespace shouwen::http {

/// One request waiting for its answer, which may come from any thread, late, twice or never.
class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    struct Answer {
        Response response;
        std::optional<SocketEvents> socket;  ///< set when an upgrade was accepted
        bool dropped = false;                ///< nobody answered
    };

    explicit Exchange(std::shared_ptr<Loop> loop) : loop_(std::move(loop)) {}

    /// The first answer counts. Any thread.
    void answer(Answer answer);
    /// Ends the waiting without an answer. The loop's thread.
    void cancel();
    /// @returns nothing when cancelled. The loop's thread, once.
    Task<std::optional<Answer>> wait();

private:
    // Boost 1.81's any_completion_handler calls itself without end when it is assigned to.
    struct Waiter {
        virtual ~Waiter() = default;
        virtual void resume() = 0;
    };
    template <class Handler>
    struct WaiterOf;

    void arrive(Answer answer);
    void wake();

    std::shared_ptr<Loop> loop_;
    std::atomic<bool> answered_ = false;
    bool arrived_ = false;
    std::optional<Answer> answer_;
    std::unique_ptr<Waiter> waiter_;
};

/// What a handler holds: its copies share one, and the last one to go answers if nobody did.
class ReplySlot {
public:
    explicit ReplySlot(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
    ~ReplySlot() { exchange_->answer({{}, std::nullopt, true}); }
    ReplySlot(const ReplySlot&) = delete;
    ReplySlot& operator=(const ReplySlot&) = delete;
    void answer(Exchange::Answer answer) { exchange_->answer(std::move(answer)); }

private:
    std::shared_ptr<Exchange> exchange_;
};

}  // namespace shouwen::http
