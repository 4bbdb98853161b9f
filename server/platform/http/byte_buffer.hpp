#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace shouwen::http {

/// Bytes that have arrived and are not yet used, in one piece.
class ByteBuffer {
public:
    std::string_view bytes() const { return {store_.data() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    void consume(std::size_t count)
    {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    /// Room for at least one byte and at most `capacity_max` altogether. @returns its size, 0 when the buffer is full
    std::size_t prepare(std::size_t capacity_min, std::size_t capacity_max)
    {
        if (begin_ > 0) {
            std::memmove(store_.data(), store_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (store_.size() < capacity_min) store_.resize(capacity_min);
        if (end_ == store_.size() && store_.size() < capacity_max)
            store_.resize(store_.size() * 2 < capacity_max ? store_.size() * 2 : capacity_max);
        return store_.size() - end_;
    }
    char* free_space() { return store_.data() + end_; }
    void commit(std::size_t count) { end_ += count; }
    /// Gives memory back that a large body needed.
    void shrink(std::size_t capacity)
    {
        if (store_.size() <= capacity || end_ - begin_ > capacity) return;
        prepare(0, 0);
        store_.resize(capacity);
        store_.shrink_to_fit();
    }

private:
    std::vector<char> store_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace shouwen::http
