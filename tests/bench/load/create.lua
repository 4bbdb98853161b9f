-- Intake of calls: each from a number of its own. TOKEN: a bearer token.
local token = os.getenv("TOKEN")
local run = os.time() % 100000
local n = 0
request = function()
  n = n + 1
  local phone = string.format("13%01d%05d%03d", n % 10, run, math.floor(n / 10) % 1000)
  local body = '{"channel":"phone","customer":{"name":"来电客户","phone":"' .. phone .. '"},"subject":"停车场收费有误，要求退费",' ..
    '"content":"上周六在地下二层停车两个小时，扣了八十元，价目表上写的是每小时八元，请核实并退还多扣的部分。",' ..
    '"demand":"退还多扣的费用","class":"complaint"}'
  return wrk.format("POST", "/api/v1/tickets", {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token}, body)
end
