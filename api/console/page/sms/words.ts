/** Texts about SMS contacts, in the rulebook's words. */
import type { Words } from '../core/words.ts'

export const smsWords = {
  title: { en: 'SMS contacts', zh: '短信联系人' },
  lead: {
    en: 'They get text messages about new and overdue tickets. The call centre accepts each change.',
    zh: '接收新工单与超期短信；变更须经客服中心审核。',
  },
  leadCsc: {
    en: 'Dealers ask for a contact, a change or a deletion; it counts once it is accepted.',
    zh: '经销商申请新增、变更或删除联系人，接受后生效。',
  },
  add: { en: 'New contact', zh: '新增联系人' },
  change: { en: 'Change', zh: '变更' },
  delete: { en: 'Delete', zh: '删除' },
  accept: { en: 'Accept', zh: '接受' },
  refuse: { en: 'Refuse', zh: '拒绝' },
  name: { en: 'Name', zh: '姓名' },
  mobile: { en: 'Mobile', zh: '手机号' },
  duty: { en: 'Duty', zh: '职责' },
  since: { en: 'Since', zh: '生效时间' },
  acts: { en: 'Actions', zh: '操作' },
  dealer: { en: 'Dealer', zh: '经销商' },
  what: { en: 'Asks for', zh: '申请事项' },
  asked: { en: 'Asked', zh: '申请时间' },
  status: { en: 'Status', zh: '状态' },
  reason: { en: 'Reason', zh: '原因' },
  all: { en: 'All', zh: '全部' },
  requests: { en: 'Requests', zh: '申请记录' },
  nobody: { en: 'No contact is accepted yet.', zh: '尚无已生效的联系人。' },
  noRequest: { en: 'There is no such request.', zh: '没有符合条件的申请。' },
  deleteCaution: {
    en: 'The contact gets no more messages once this is accepted.',
    zh: '接受后该联系人不再收到短信。',
  },
} as const satisfies Record<string, Words>
