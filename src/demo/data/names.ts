/** What people are called: common names, and names that systems like to break. */

export const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶黎贺毛郝顾龚邵万',
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '皇甫',
]

export const givenNames = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚辉玲桂英华玉萍红建斌浩宇轩梓涵',
  ...'子轩 梓涵 浩然 雨桐 欣怡 一诺 俊杰 晓东 建国 志强 海燕 丽娟 文博 思远'.split(' '),
  ...'秀英 桂兰 春梅 国栋 家豪 嘉怡 诗涵 宇航 天佑 静怡 雅婷 晓峰 立新 红梅'.split(' '),
  ...'永强 少华 卫东 晨曦 若曦 景行 知远 佳琪 振华 玉兰 新民 亚楠 云飞 慧敏'.split(' '),
]

/** Rare characters, some of them beyond the basic plane; the middle dot; letters; long names. */
export const rareNames = [
  '龚𬱖',
  '王𠅤',
  '刘䶮',
  '张㛃',
  '陈𬭎',
  '马翀',
  '朱喆堃',
  '赵赟',
  '李㵘',
  '孙𡛕',
  '仝昶',
  '乜妤頔',
  '黄焯燚',
  '欧阳震華',
  '周A莉',
]

export const uyghurAndKazakhNames = [
  '阿卜杜热合曼·买买提',
  '古丽娜扎·艾力',
  '迪丽努尔·吐尔逊',
  '艾尔肯·阿不都热依木',
  '热依汗古丽·玉素甫',
  '木塔力甫·图尔贡',
  '帕提古丽·依明',
  '叶尔兰·哈孜别克',
  '努尔古丽·赛力克',
  '麦麦提敏·喀迪尔',
  '阿依努尔·沙吾列',
  '吾买尔江·司马义',
]

export const tibetanAndMongolNames = [
  '扎西·次仁',
  '索朗·卓玛',
  '丹增·罗布',
  '巴特尔·苏和',
  '其其格·乌云',
  '格桑·央金',
]

export const consultants = '小周 小李 王经理 陈顾问 张顾问 刘敏 孙倩 何顾问 阿里木 赵主管'.split(' ')

export const models = {
  明锐: 'ER',
  明锐PRO: 'EP',
  速派: 'NP',
  速派旅行版: 'NW',
  昕锐: 'RF',
  昕动: 'RS',
  柯迪亚克: 'KD',
  柯迪亚克GT: 'KG',
  柯珞克: 'KL',
  柯米克: 'KM',
  野帝: 'YT',
} as const
export type Model = keyof typeof models

export const streets = '人民路 解放路 中山路 建设街 和平里 长江路 文化东路 新华大街 滨河路 学府街'.split(' ')
