FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json build.mjs ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production PORT=8080 STORE_FILE=/var/lib/soapstone/store.db
# All that is written: the store of idempotency keys, where there is no DATABASE_URL. The root may be read-only.
RUN install -d -m 700 -o 1000 -g 1000 /var/lib/soapstone
VOLUME /var/lib/soapstone
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE openapi.yaml ./
COPY assets ./assets
COPY wsdl ./wsdl
# By number, so that Kubernetes can verify runAsNonRoot.
USER 1000:1000
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["node", "dist/cli/health-check.js"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve", "--contract", "openapi.yaml"]
