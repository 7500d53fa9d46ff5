# The console's page is bundled by a development dependency, so in a stage of its own.
FROM node:24-slim AS console
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY domain ./domain
COPY api ./api
COPY src ./src
RUN node src/cli/console.ts

FROM node:24-slim

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    METRICS_PORT=9464 \
    DATA_DIR=/data

WORKDIR /app

# Dependencies alone first: they change less often than the code. The Node of the image stands in for the optional one.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

# Node runs TypeScript as it is, so of the service there is nothing to build.
COPY domain ./domain
COPY projections ./projections
COPY api ./api
COPY src ./src
COPY --from=console /app/build ./build

RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 9464

HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# Node itself, not npm: it is Node that must hear SIGTERM.
CMD ["node", "--v8-pool-size=0", "--max-semi-space-size=16", "--max-old-space-size=768", "src/main.ts"]
