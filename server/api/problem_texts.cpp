#include "api/problem.hpp"

namespace shouwen::api {
namespace {

// Each text says what to do next. A test holds this table against the refusals of all modules.
constexpr ProblemText problems[] = {
    // The request itself
    {"malformed", 400, "请求内容不是有效的 JSON：{why}", "請求內容不是有效的 JSON：{why}", "The body is not valid JSON: {why}"},
    {"malformed_request", 400, "请求格式有误", "請求格式有誤", "The request is malformed"},
    {"unknown_filter", 400, "不认识的查询参数：{name}", "無法識別的查詢參數：{name}", "Unknown query parameter: {name}"},
    {"invalid_filter", 400, "查询参数 {name} 的值无效，应为：{expected}", "查詢參數 {name} 的值無效，應為：{expected}", "Query parameter {name} is invalid; expected: {expected}"},
    {"invalid_cursor", 400, "翻页位置无效，请从第一页开始", "翻頁位置無效，請從第一頁開始", "The cursor is invalid; start from the first page"},
    {"not_signed_in", 401, "请先登录", "請先登入", "Please sign in"},
    {"sign_in_failed", 401, "账号或密码不正确", "帳號或密碼不正確", "Login or password is wrong"},
    {"secret_wrong", 401, "单号或查询密钥不正确", "單號或查詢密鑰不正確", "Number or secret is wrong"},
    {"not_permitted", 403, "您没有执行此操作的权限", "您沒有執行此操作的權限", "You are not permitted to do this"},
    {"csrf_failed", 403, "页面已过期，请刷新后重试；已填写的内容会保留", "頁面已過期，請重新整理後再試；已填寫的內容會保留", "The page is out of date; reload and try again, what you typed is kept"},
    {"not_found", 404, "没有找到，或您无权查看", "找不到，或您無權檢視", "Not found, or not open to you"},
    {"method_not_allowed", 405, "此地址不支持该操作", "此位址不支援該操作", "This address does not support the method"},
    {"too_slow", 408, "请求发送过慢，连接已关闭", "請求傳送過慢，連線已關閉", "The request arrived too slowly"},
    {"too_large", 413, "内容超过大小上限", "內容超過大小上限", "The body is larger than allowed"},
    {"headers_too_large", 431, "请求头超过大小上限", "請求標頭超過大小上限", "The headers are larger than allowed"},
    {"unsupported_media_type", 415, "内容类型应为 application/json", "內容類型應為 application/json", "The content type must be application/json"},
    {"invalid", 422, "有 {count} 处填写有误，请改正后重试", "有 {count} 處填寫有誤，請更正後再試", "{count} fields need correcting"},
    {"idempotency_key_reused", 422, "同一个 Idempotency-Key 已用于不同的内容", "同一個 Idempotency-Key 已用於不同的內容", "This Idempotency-Key was used with another body"},
    {"version_missing", 428, "缺少 If-Match 版本号", "缺少 If-Match 版本號", "If-Match with the version is missing"},
    {"version_stale", 412, "内容已被他人更新（当前版本 {version}），请查看后再提交；您填写的内容未丢失", "內容已被他人更新（目前版本 {version}），請檢視後再送出；您填寫的內容未遺失", "Somebody changed it in the meantime (now version {version}); look and send again, nothing you typed is lost"},
    {"throttled", 429, "尝试次数过多，请 {seconds} 秒后再试", "嘗試次數過多，請 {seconds} 秒後再試", "Too many attempts; try again in {seconds} s"},
    {"overloaded", 503, "系统繁忙，请 {seconds} 秒后重试", "系統忙碌，請 {seconds} 秒後再試", "Busy; try again in {seconds} s"},
    {"store_full", 507, "存储空间不足，暂时只能查看；请联系管理员", "儲存空間不足，暫時只能檢視；請聯絡管理員", "Out of storage: reading only for now; call the administrator"},
    {"internal", 500, "系统出错，已记录（编号 {request}）", "系統出錯，已記錄（編號 {request}）", "Something broke on our side; it is on record as {request}"},
    // Organisation
    {"owns_open_tickets", 409, "该人员名下还有 {count} 张未归档工单，请先办理交接", "該人員名下還有 {count} 張未歸檔工單，請先辦理交接", "This person still owns {count} open tickets; hand them over first"},
    {"login_taken", 409, "该登录名已被使用", "該登入名已被使用", "This login is taken"},
    {"last_admin", 409, "不能停用最后一位系统管理员", "不能停用最後一位系統管理員", "The last administrator cannot be disabled"},
    {"own_account", 409, "不能停用自己的账号", "不能停用自己的帳號", "You cannot disable your own account"},
    // Knowledge
    {"shortcut_taken", 409, "已有规范用语使用这个快捷词", "已有規範用語使用這個快捷詞", "Another script has this shortcut"},
    // The life of a ticket
    {"already_answered", 409, "已由{name}首先响应，工单归其负责；您填写的内容未丢失", "已由{name}首先回應，工單由其負責；您填寫的內容未遺失", "Already answered by {name}, who now owns the ticket; nothing you typed is lost"},
    {"not_answered_yet", 409, "尚未首次响应，请先响应客户", "尚未首次回應，請先回應客戶", "Nobody has answered the customer yet; respond first"},
    {"not_owner", 403, "只有首问责任人{name}或其主管可以执行此操作", "只有首問責任人{name}或其主管可以執行此操作", "Only the first-contact owner {name} or a supervisor may do this"},
    {"not_triaged", 409, "请先完成分类定级", "請先完成分類定級", "Classify and grade the ticket first"},
    {"already_triaged", 409, "工单已完成识别；如需改级请使用“改级”并说明理由", "工單已完成識別；如需改級請使用「改級」並說明理由", "The ticket is classified already; to change its grade, regrade with a reason"},
    {"grade_unchanged", 409, "级别没有变化", "級別沒有變化", "The grade is the same already"},
    {"not_in_handling", 409, "工单不在处理环节", "工單不在處理環節", "The ticket is not being handled now"},
    {"not_in_feedback", 409, "工单不在反馈环节", "工單不在回饋環節", "The ticket is not in the feedback step"},
    {"ticket_closed", 409, "工单已归档或取消，只能查看；如需继续请先重新打开", "工單已歸檔或取消，只能檢視；如需繼續請先重新開啟", "The ticket is archived or cancelled and read-only; reopen it first"},
    {"ticket_open", 409, "工单尚未归档", "工單尚未歸檔", "The ticket is still open"},
    {"cancelled_for_good", 409, "已取消的工单不能重新打开，请新建工单", "已取消的工單不能重新開啟，請新建工單", "A cancelled ticket cannot be reopened; make a new one"},
    {"out_of_scope", 409, "不属于本岗位职责范围，不能直接办结，须转交责任部门并告知客户", "不屬於本職位職責範圍，不能直接結案，須轉交責任部門並告知客戶", "Out of your own scope: it cannot be closed here but must go to the department in charge, with the customer told"},
    {"complaint_needs_handling", 409, "投诉不能一次性办结，须按处理流程办理", "客訴不能一次性結案，須依處理流程辦理", "A complaint cannot be closed in one go; it goes through handling"},
    {"complex_needs_handling", 409, "复杂诉求不能一次性办结，须按处理流程办理", "複雜訴求不能一次性結案，須依處理流程辦理", "A complex matter cannot be closed in one go; it goes through handling"},
    {"solution_missing", 409, "请先提出解决方案", "請先提出解決方案", "Propose a solution first"},
    {"solution_agreed", 409, "客户已同意当前方案", "客戶已同意目前方案", "The customer has agreed to the present solution"},
    {"agreement_missing", 409, "客户尚未同意方案，请先记录客户意见", "客戶尚未同意方案，請先記錄客戶意見", "The customer has not agreed to the solution yet; record the answer first"},
    {"result_missing", 409, "尚未向客户告知结果", "尚未向客戶告知結果", "The customer has not been told the result yet"},
    {"result_given", 409, "结果已告知客户", "結果已告知客戶", "The result has been told already"},
    {"rating_missing", 409, "尚未得到满意度答复，{until} 后可归档", "尚未得到滿意度回覆，{until} 後可歸檔", "Satisfaction is not answered yet; archiving is possible after {until}"},
    {"already_rated", 409, "客户已评价", "客戶已評價", "The customer has rated already"},
    {"dissatisfaction_open", 409, "客户不满意，须整改至客户认可，或由主管说明理由后关闭", "客戶不滿意，須改善至客戶認可，或由主管說明理由後關閉", "The customer is dissatisfied: settle it, or let a supervisor close it with a reason"},
    {"rework_open", 409, "返工尚未完成", "返工尚未完成", "The rework is not finished"},
    {"promise_open", 409, "还有未兑现的承诺（{expected_at} 到期）", "還有未兌現的承諾（{expected_at} 到期）", "A promise is still open (due {expected_at})"},
    {"promise_unknown", 409, "没有这项承诺，或已结束", "沒有這項承諾，或已結束", "There is no such open promise"},
    {"record_incomplete", 409, "档案不完整，请补全：{fields}", "檔案不完整，請補全：{fields}", "The record is incomplete; please fill in: {fields}"},
    {"time_in_the_past", 422, "时间已过，请填写将来的时间", "時間已過，請填寫未來的時間", "This time has passed; give a time to come"},
    {"reason_required", 422, "客户不满意时须记录原因", "客戶不滿意時須記錄原因", "Dissatisfaction needs its reason recorded"},
    {"already_waiting", 409, "已在等待客户", "已在等待客戶", "The ticket waits for the customer already"},
    {"not_waiting", 409, "当前并未等待客户", "目前並未等待客戶", "The ticket is not waiting for the customer"},
    {"category_unknown", 422, "该诉求类别下没有这个分类", "該訴求類別下沒有這個分類", "There is no such category in this class"},
    {"merchant_unknown", 422, "没有这个商家", "沒有這個商家", "There is no such merchant"},
    {"area_unknown", 422, "没有这个区域", "沒有這個區域", "There is no such area"},
    {"customer_unknown", 422, "没有这位客户", "沒有這位客戶", "There is no such customer"},
    {"customer_exists", 409, "这个电话或邮箱已有客户档案：{name}", "這個電話或信箱已有客戶檔案：{name}", "There is a customer with this number or address already: {name}"},
    {"consent_required", 422, "请先同意个人信息处理说明", "請先同意個人資料處理說明", "Please agree to the handling of personal data first"},
    {"not_complainable_by_self", 403, "被投诉人不能办理或查看对自己的投诉", "被投訴人不能辦理或檢視對自己的投訴", "Whoever is complained about neither handles nor reads the complaint"},
    {"file_type_refused", 415, "不接受这种文件", "不接受這種檔案", "This kind of file is not accepted"},
    {"test_clock_only", 404, "没有找到，或您无权查看", "找不到，或您無權檢視", "Not found, or not open to you"},
};

constexpr ProblemText fields[] = {
    {"required", 422, "必填", "必填", "Required"},
    {"unknown_field", 422, "没有这个字段", "沒有這個欄位", "There is no such field"},
    {"wrong_type", 422, "类型不对，应为 {expected}", "類型不對，應為 {expected}", "Wrong type; expected {expected}"},
    {"too_short", 422, "至少 {expected} 个字", "至少 {expected} 個字", "At least {expected} characters"},
    {"too_long", 422, "最多 {expected} 个字", "最多 {expected} 個字", "At most {expected} characters"},
    {"too_many", 422, "最多 {expected} 项", "最多 {expected} 項", "At most {expected} entries"},
    {"control_character", 422, "含有不可见的控制字符", "含有不可見的控制字元", "Holds control characters"},
    {"not_a_choice", 422, "应为以下之一：{expected}", "應為以下之一：{expected}", "One of: {expected}"},
    {"out_of_range", 422, "应在 {expected} 之间", "應在 {expected} 之間", "Must lie within {expected}"},
    {"not_an_instant", 422, "时间格式应如 {expected}", "時間格式應如 {expected}", "A time such as {expected}"},
    {"not_an_id", 422, "编号无效", "編號無效", "Not a valid id"},
    {"not_a_phone", 422, "电话号码无效", "電話號碼無效", "Not a valid phone number"},
    {"not_an_email", 422, "电子邮箱无效", "電子郵件無效", "Not a valid mail address"},
    {"not_a_limit", 422, "时限格式应如 PT30M（自然时间）、PT2H/W（工作时间）、P1WD（工作日）", "時限格式應如 PT30M（自然時間）、PT2H/W（工作時間）、P1WD（工作日）", "A limit such as PT30M (natural), PT2H/W (working time), P1WD (working days)"},
    {"time_in_the_past", 422, "时间已过，请填写将来的时间", "時間已過，請填寫未來的時間", "This time has passed; give a time to come"},
    {"reason_required", 422, "客户不满意时须记录原因", "客戶不滿意時須記錄原因", "Dissatisfaction needs its reason recorded"},
    {"category_unknown", 422, "该诉求类别下没有这个分类", "該訴求類別下沒有這個分類", "There is no such category in this class"},
    {"unit_unknown", 422, "没有这个部门或商家", "沒有這個部門或商家", "There is no such unit"},
    {"merchant_unknown", 422, "没有这个商家", "沒有這個商家", "There is no such merchant"},
    {"area_unknown", 422, "没有这个区域", "沒有這個區域", "There is no such area"},
    {"customer_unknown", 422, "没有这位客户", "沒有這位客戶", "There is no such customer"},
    {"staff_unknown", 422, "没有这位人员", "沒有這位人員", "There is no such person"},
    {"role_unknown", 422, "没有这个角色", "沒有這個角色", "There is no such role"},
    {"consent_required", 422, "请先同意个人信息处理说明", "請先同意個人資料處理說明", "Please agree to the handling of personal data first"},
    {"login_shape", 422, "登录名应为 2–40 位小写字母、数字或 ._-", "登入名應為 2–40 位小寫字母、數字或 ._-", "2 to 40 lower-case letters, digits or ._-"},
    {"password_weak", 422, "密码至少 {expected} 位", "密碼至少 {expected} 位", "At least {expected} characters"},
    {"password_guessable", 422, "密码过于简单：不能与登录名相同，也不能只是同一个字符", "密碼過於簡單：不可與登入名相同，也不可只是同一個字元", "Too easy to guess: not the login, nor one character repeated"},
    {"password_wrong", 422, "当前密码不正确", "目前的密碼不正確", "The present password is wrong"},
    {"name_taken", 422, "同一上级下已有这个名称", "同一上層之下已有這個名稱", "This name exists already at this place"},
    {"unit_cycle", 422, "上级不能是本部门或其下级", "上層不可為本部門或其下層", "A unit cannot stand below itself"},
    {"merchant_nested", 422, "商家之下不能再设商家", "商家之下不可再設商家", "A merchant cannot stand within a merchant"},
    {"area_depth", 422, "街道之下不能再分级", "街道之下不可再分級", "A street cannot hold further areas"},
    {"permission_unknown", 422, "没有这项权限", "沒有這項權限", "There is no such permission"},
    {"time_zone_unknown", 422, "没有这个时区，应如 {expected}", "沒有這個時區，應如 {expected}", "There is no such time zone; expected such as {expected}"},
    {"scope_beyond_rights", 422, "不能授予自己没有的权限", "不能授予自己沒有的權限", "You cannot grant what you may not do yourself"},
    {"shortcut_shape", 422, "快捷词只能用小写字母和数字", "快捷詞只能用小寫字母與數字", "Lower-case letters and digits only"},
    {"not_a_clock_time", 422, "时刻应如 09:00，最晚 24:00", "時刻應如 09:00，最晚 24:00", "A time of day such as 09:00, at most 24:00"},
    {"not_a_duration", 422, "时长应如 PT30M，且大于零", "時長應如 PT30M，且大於零", "A duration such as PT30M, above zero"},
    {"not_a_date", 422, "日期应如 {expected}", "日期應如 {expected}", "A date such as {expected}"},
    {"calendar_unknown", 422, "没有这个工作日历", "沒有這個工作日曆", "There is no such calendar"},
    {"zone_unknown", 422, "没有这个时区", "沒有這個時區", "There is no such time zone"},
    {"window_out_of_range", 422, "时段须在 00:00–24:00 之内", "時段須在 00:00–24:00 之內", "Working hours lie between 00:00 and 24:00"},
    {"window_empty", 422, "时段的结束须晚于开始", "時段的結束須晚於開始", "Working hours end after they begin"},
    {"windows_overlap", 422, "时段须按先后排列且不重叠", "時段須按先後排列且不重疊", "Working hours come in order and do not overlap"},
    {"no_window", 422, "一周内至少要有一个工作时段", "一週內至少要有一個工作時段", "At least one stretch of working hours a week"},
    {"make_up_day_without_window", 422, "调休日所参照的星期没有工作时段", "補班日所參照的星期沒有工作時段", "The weekday that make-up days follow has no working hours"},
    {"ends_before_start", 422, "结束时间早于开始时间", "結束時間早於開始時間", "It ends before it starts"},
    {"file_name_shape", 422, "文件名不能含路径，也不能含改变文字方向的字符", "檔名不可含路徑，也不可含改變文字方向的字元", "A file's name holds no path and nothing that turns its letters around"},
    {"file_empty", 422, "文件是空的", "檔案是空的", "The file is empty"},
    {"duplicate", 422, "重复", "重複", "Given twice"},
};

}  // namespace

std::span<const ProblemText> problem_texts()
{
    return problems;
}

std::span<const ProblemText> field_texts()
{
    return fields;
}

}  // namespace shouwen::api
