"""What codes of the tables are called on the pages. Keys are values of the database, never shown themselves."""

from __future__ import annotations

SAID = {
    "password": "密码已修改，请用新密码登录。",
    "signed_out": "已退出。",
    "revoked": "已停用这台设备，它再也传不上来、取不下去。",
    "forgiven": "已放行，这台设备可以继续同步。",
    "released": "已重新入库。",
    "still_refused": "还是进不去，原因写在表里。",
    "discarded": "已作废，原件封存在县里。",
    "resolved": "已处理，各大厅下次同步时收到。",
    "gone": "这一条已经有人处理过了。",
    "unfit": "这样处理不了，什么都没有改。请换一种办法。",
    "published": "已向全县发布。",
    "closed": "已关闭，各大厅下次同步时收到。",
    "auto_on": "以后大厅发布的岗位自动向全县发布。",
    "auto_off": "以后大厅发布的岗位先在这里等您发布。",
    "notice_saved": "公告已保存，各大厅下次同步时收到。",
    "notice_withdrawn": "公告已撤下，各大厅下次同步时撤下。",
    "erased": "已删除，各大厅下次同步时一起清空。",
    "erased_before": "这个人的资料已经删除过了。",
}
NOT_DONE = ("still_refused", "gone", "unfit", "erased_before")  # of these: nothing was done
DEVICE_STATES = {"active": "在用", "revoked": "已停用", "cloned": "疑似被复制"}
POSTING_STATES = {
    "draft": "待审核",
    "published": "招聘中",
    "paused": "暂停",
    "closed": "已关闭",
    "expired": "已过期",
}
REFERRAL_STATES = {
    "issued": "已出单",
    "met": "已见面",
    "hired": "已录用",
    "started": "已上岗",
    "finished": "已完工",
    "declined": "未录用",
    "lapsed": "已过期",
    "no_show": "没到场",
    "cancelled": "已撤回",
}
PAY_UNITS = {"hour": "元/小时", "day": "元/天", "month": "元/月", "piece": "元/件"}
NOTICE_KINDS = {"notice": "公告", "policy": "政策", "rules": "须知"}
CONFLICT_KINDS = {
    "fields": "两处改了同一项",
    "state": "这一步与现在的状态不符",
    "not_owner": "不是保管它的设备改的",
    "county_rules": "以县里的为准",
    "deleted": "这边改了，那边删了",
    "same_person": "同一个证件号，两份登记",
    "overfilled": "推荐的人数超过名额",
    "same_number": "同一个号码给了两次（旧数据恢复后）",
}
CHOICES = {"kept": "保留现有的", "taken": "改用被压下的", "merged": "合并为一人", "noted": "已另行处理"}
TABLES = {
    "audit": "操作记录",
    "bans": "暂停名单",
    "call_notes": "催还记录",
    "conflicts": "冲突",
    "deductions": "扣款",
    "devices": "设备",
    "disputes": "异议",
    "employers": "用工主体",
    "erasures": "删除申请",
    "guidance_wages": "指导工资",
    "halls": "大厅",
    "locker_uses": "寄存",
    "lookups": "查人记录",
    "notices": "公告",
    "occupations": "工种",
    "postings": "岗位",
    "quarantine": "隔离区",
    "referrals": "推荐",
    "rental_lines": "租赁的工具",
    "rentals": "租赁",
    "seekers": "求职者",
    "seeker_trades": "求职者的工种",
    "settings": "设置",
    "staff": "工作人员",
    "tools": "工具",
    "tool_returns": "归还",
    "cash_postings": "现金账",
}
COLUMNS = {
    "address": "住址",
    "birth": "出生",
    "created_at": "登记时间",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "description": "说明",
    "ends_on": "结束日期",
    "ethnicity": "民族",
    "hardship": "困难类别",
    "hired_at": "录用时间",
    "name": "姓名",
    "number": "号码",
    "number_sealed": "证件号",
    "openings": "名额",
    "pay": "工钱",
    "phone": "电话",
    "place": "地点",
    "posting_id": "岗位",
    "reason": "原因",
    "referred": "已推荐",
    "seeker_id": "求职者",
    "sex": "性别",
    "slip_number": "号码",
    "starts_on": "开始日期",
    "state": "状态",
    "tag": "号码",
    "title": "名称",
}
REFUSALS = {
    "check": "{what}这一项不合规则",
    "missing": "缺{what}",
    "value": "{what}的内容读不出",
    "foreign_hall": "不是本大厅的记录",
    "malformed": "记录不完整",
    "too_large": "记录太大",
    "unknown_table": "县里的程序还不认识这种记录，升级后会自动入库",
    "unknown_column": "县里的程序还不认识其中一项，升级后会自动入库",
}
SEXES = {"male": "男", "female": "女"}
OUTCOMES = {"hired": "录用", "declined": "未录用", "no_show": "没到场"}
DECLINES = {
    "filled": "人已招满",
    "skill": "技能不合适",
    "terms": "工钱或时间没谈拢",
    "no_show": "人没有来",
    "other": "其他原因",
}
# what is open between a person and a hall (`db.county.holds.Hold`)
HOLDS = {
    "open_rental": "{hall}：有 {count} 单工具没还清，或押金没退",
    "open_debt": "{hall}：有 {count} 笔欠款没结清",
    "open_dispute": "{hall}：有 {count} 个异议没答复",
    "open_locker": "{hall}：有 {count} 件东西还寄存着",
    "open_referral": "{hall}：有 {count} 张对接单没办完",
}
# why county staff may erase: 个人信息保护法 art. 47, and art. 49 for the near kin of somebody who died
ERASE_REASONS = {
    "request": "本人要求",
    "kin": "本人已去世，近亲属要求",
    "mistake": "登记错了，不该存",
    "authority": "主管部门要求",
}
PURGE_REASONS = ERASE_REASONS | {"hall": "大厅里删除的", "age": "到期自动删除"}
# of a line of the log: what stands in its details, and what the codes there mean
DETAILS: dict[str, tuple[str, dict[str, str]]] = {
    "choice": ("处理办法", CHOICES),
    "reason": ("原因", PURGE_REASONS),
    "name": ("设备名称", {}),
    "rows": ("条数", {}),
    "tables": ("几类记录", {}),
    "on": ("自动发布", {"True": "开", "False": "关"}),
}
ACTS = {
    "signed_in": "登录",
    "signed_out": "退出",
    "sign_in_refused": "密码没通过",
    "password_changed": "修改密码",
    "staff_added": "增加人员",
    "staff_renewed": "重发密码",
    "staff_stopped": "停用人员",
    "enrol_code": "生成设备注册码",
    "revoke": "停用设备",
    "forgive": "放行设备",
    "release": "重新入库",
    "discard": "作废记录",
    "work_off": "处理冲突",
    "publish": "向全县发布岗位",
    "close": "关闭岗位",
    "auto_publish": "修改发布方式",
    "notice_saved": "保存公告",
    "notice_withdrawn": "撤下公告",
    "find_person": "查个人资料",
    "person_exported": "下载个人资料",
    "erase_person": "删除个人资料",
}
